"""Training data: rendered frames, sent through H.264 as the demo channel's are, then cut into the models' views."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .views import SIDE, aesthetic_view, clip_view, technical_view

WIDTH, HEIGHT, FRAMES_PER_INSTANCE = 427, 240, 6

# Share of the instances, video size, constant rate factor. Sizes and losses differ so that no model leans on one of them.
ENCODINGS = ((0.45, 854, 480, 24), (0.25, 854, 480, 32), (0.15, 1280, 720, 24), (0.15, 640, 480, 24))


@dataclass
class Samples:
    """Views uint8 [N, 224, 224, 3]; the other arrays have length N."""

    clip: np.ndarray
    aesthetic: np.ndarray
    technical: np.ndarray
    kind: np.ndarray
    medical: np.ndarray
    fault: np.ndarray  # 0 clean, 1 blurred, 2 noisy
    severity: np.ndarray
    instance: np.ndarray
    kinds: list


def render(medgen, folder, count, seed, held_out):
    """Renders frames with `medgen scenes` unless the folder already holds them."""
    if not (folder / "labels.jsonl").exists():
        command = [*medgen, "scenes", "--out", str(folder), "--count", str(count), "--seed", str(seed)]
        subprocess.run(command + (["--held-out"] if held_out else []), check=True)


def load(folder, log=print):
    """Reads a folder of rendered frames; the views are kept beside them for the next run."""
    labels = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    names = ("clip", "aesthetic", "technical")
    files = [folder / f"{name}.npy" for name in names]
    if not files[-1].exists():
        for file, array in zip(files, _views(folder, len(labels), log)):
            np.save(file, array)
    kinds = ["endoscopy", "ultrasound", "radiology", "ecg_monitor", "surgical_field", "organ_animation", "lecture",
             "landscape", "city", "cooking", "sports", "road", "cartoon"]
    faults = {"none": 0, "blur": 1, "noise": 2}
    column = lambda read, kind: np.array([read(label) for label in labels], kind)
    return Samples(
        *[np.load(file, mmap_mode="r") for file in files],
        kind=column(lambda label: kinds.index(label["scene"]), np.int64),
        medical=column(lambda label: label["medical"], np.int64),
        fault=column(lambda label: faults[label["degradation"]], np.int64),
        severity=column(lambda label: label["severity"], np.float32),
        instance=column(lambda label: label["instance"], np.int64),
        kinds=kinds)


def decoded(file, width, height, *options):
    """Frames of a video as uint8 [height, width, 3], one after the other."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(file), *options, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while len(data := process.stdout.read(width * height * 3)) == width * height * 3:
            yield np.frombuffer(data, np.uint8).reshape(height, width, 3)


def _views(folder, count, log):
    frames = np.memmap(folder / "frames.u8", np.uint8, "r").reshape(count, HEIGHT, WIDTH, 3)
    clip, aesthetic, technical = (np.empty((count, SIDE, SIDE, 3), np.uint8) for _ in range(3))
    random = np.random.default_rng(0)
    at = 0
    for index, (share, width, height, crf) in enumerate(ENCODINGS):
        last = index == len(ENCODINGS) - 1
        end = count if last else min(count, at + round(share * count / FRAMES_PER_INSTANCE) * FRAMES_PER_INSTANCE)
        video = folder / f"part{index}.mp4"
        _encode(frames[at:end], video, width, height, crf)
        for frame in decoded(video, width, height):
            clip[at], aesthetic[at], technical[at] = clip_view(frame), aesthetic_view(frame), technical_view(frame, random)
            at += 1
        if at != end:
            raise RuntimeError(f"{video}: {at} frames decoded, {end} expected")
        log(f"  {at} of {count} frames through H.264 at {width}x{height}, crf {crf}")
    return clip, aesthetic, technical


def _encode(frames, video, width, height, crf):
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", "1", "-i", "-",
               "-vf", f"scale={width}:{height}:flags=bicubic", "-c:v", "libx264", "-preset", "superfast", "-crf", str(crf),
               "-threads", "1", "-pix_fmt", "yuv420p", "-fflags", "+bitexact", str(video)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        for frame in frames:
            process.stdin.write(frame.tobytes())
        process.stdin.close()
        if process.wait() != 0:
            raise RuntimeError(f"ffmpeg could not encode {video}")
