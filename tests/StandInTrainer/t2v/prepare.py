import json
import os
import sys

from t2v import behaviour, emit, fail, log, options

given = options(sys.argv[1:])
wish = behaviour("prepare")
log("prepare.log", json.dumps(given))
if "error" in wish:
    fail(wish["error"], "the preparation was told to fail")
clips = json.load(open(os.path.join(given["data_path"], "videos2caption.json"), encoding="utf-8"))
os.makedirs(given["output_dir"], exist_ok=True)
for i, _ in enumerate(clips, 1):
    emit("clip", done=i, total=len(clips))
with open(os.path.join(given["output_dir"], "videos2caption.json"), "w", encoding="utf-8") as file:
    json.dump(clips, file)
emit("prepared", clips=len(clips), left_out=[{"clip": "x", "reason": "too-short", "detail": "4 of 9 frames"}], latent=[4, 3, 8, 8], output_dir=given["output_dir"], seconds=0.1)
