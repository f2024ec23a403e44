import hashlib
import json
import os
import signal
import sys
import time

from t2v import VERSION, behaviour, emit, fail, film, log, once, options

given = options(sys.argv[1:])
wish = behaviour("serve")
if "error" in wish:
    fail(wish["error"], "the model cannot be loaded")
log("serve.log", f"load {given['model']} {os.getpid()}")
time.sleep(wish.get("load_seconds", 0))
emit("ready", model=given["model"], device="cpu", num_frames=9, height=32, width=48, fps=8, seconds=0.1, code_version=VERSION)
for line in sys.stdin:
    request = json.loads(line)
    prompt = request["prompt"]
    begun = time.time()
    time.sleep(wish.get("seconds", 0))
    if prompt in wish.get("fail", []):
        emit("failed", id=request["id"], kind="data", message="the prompt was to fail")
        continue
    if prompt in wish.get("hang", []) and once("hang"):
        time.sleep(600)
    if prompt in wish.get("die_always", []) or prompt in wish.get("die", []) and once("die"):
        print("about to die", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    content = film(wish, [given["model"], given.get("lora"), prompt, request["seed"], request["steps"], request["guidance_scale"], request["shift"]])
    temporary = request["output"] + ".tmp"
    with open(temporary, "wb") as file:
        file.write(content)
    os.rename(temporary, request["output"])
    log("serve.log", f"item {prompt} {request['seed']} {begun} {time.time()}")
    emit("generated", id=request["id"], output=request["output"], seconds=time.time() - begun, frames=9, width=48, height=32, fps=8, sha256=hashlib.sha256(content).hexdigest())
