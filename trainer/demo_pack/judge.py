"""Compares the decisions of the pack with the truth of a rendered demo channel: `python3 -m demo_pack.judge FOLDER TRUTH [PACK]`."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from . import pack as packs
from .check import fuse
from .data import decoded
from .train import ROOT
from .views import aesthetic_view, clip_tensor, clip_view, dover_tensor, technical_view

# Rejected before a quality net sees them, and out of its range.
UNSCORED = ("low_resolution", "subtitles")


def main():
    folder, truth = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    pack = packs.load(Path(sys.argv[3]) if len(sys.argv) > 3 else ROOT / "models/demo")
    wrong = 0
    for video in truth["videos"]:
        if video["duration_seconds"] == 0:
            continue
        complaints = judge(pack, folder / video["file"], video)
        wrong += len(complaints)
    print(f"{wrong} wrong decisions")
    return min(wrong, 1)


def judge(pack, file, video):
    """Prints the numbers of a video and returns what contradicts the truth."""
    width, height = {"low_resolution": (426, 240)}.get(video["fault"], (854, 480))
    frames = list(decoded(file, width, height, "-vf", f"fps=1:round=up,scale={width}:{height}"))
    random = np.random.default_rng(0)
    with torch.no_grad():
        embedding = pack["clip-vision"](clip_tensor(np.stack([clip_view(frame) for frame in frames])))
        unit = F.normalize(embedding)
        medical = pack["frame-classifier"](embedding).argmax(1).numpy()
        score = pack["aesthetic"](unit).numpy()
        technical = pack["dover-technical"].frame(dover_tensor(np.stack([technical_view(frame, random) for frame in frames[::3]]))).numpy()[:, 0]
        artistic = pack["dover-aesthetic"].frame(dover_tensor(np.stack([aesthetic_view(frame) for frame in frames[::3]]))).numpy()[:, 0]
    scenes = [next((i for i, scene in enumerate(video["scenes"]) if t < scene["end"]), len(video["scenes"]) - 1) for t in range(len(frames))]
    cosine = (unit[1:] * unit[:-1]).sum(1).numpy()
    same = np.array([a == b for a, b in zip(scenes, scenes[1:])])
    expected = np.array([video["scenes"][i]["medical"] for i in scenes])
    shipped, corrected = fuse(technical.mean(), artistic.mean())
    low, high = {"blur": (0, 2.7), "noise": (3.1, 3.9)}.get(video["fault"], (4.2, 7))
    bad = video["fault"] in ("blur", "noise")
    complaints = [text for text, failed in (
        ("class of a frame", (medical != expected).any()),
        ("a cut inside of a take", (cosine[same] <= 0.9).any()),
        ("a missed cut", (cosine[~same] > 0.8).any()),
        ("aesthetic score", not low <= np.median(score) <= high),
        ("overall quality", video["fault"] not in UNSCORED and not (max(shipped, corrected) < 0.2 if bad else min(shipped, corrected) > 0.5))) if failed]
    print(f"{video['title'][:44]:44} {video['fault']:16} medical {medical.mean():4.2f} (true {expected.mean():4.2f})  "
          f"cosine within {cosine[same].min():.3f} across {cosine[~same].max() if (~same).any() else float('nan'):6.3f}  "
          f"aesthetic {score.min():.2f}..{score.max():.2f}  overall {shipped:.2f} {corrected:.2f}  {', '.join(complaints)}", flush=True)
    return complaints


if __name__ == "__main__":
    sys.exit(main())
