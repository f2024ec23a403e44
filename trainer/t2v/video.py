"""Frames from and to video files, through ffmpeg."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import torch

from .events import TrainerError


def program(name):
    """Path of ffmpeg or ffprobe."""
    path = shutil.which(name)
    if path is None:
        raise TrainerError("missing", f"{name} is not installed", hint=f"install ffmpeg (Debian: apt-get install ffmpeg), so that {name} is on the PATH")
    return path


def read(file, height, width, fps, limit=None):
    """Frames uint8 [F, height, width, 3]: resampled to fps, cut about the centre to the shape, then scaled. A data error if none can be read."""
    filters = (f"fps={fps},crop='min(iw,ih*{width}/{height})':'min(ih,iw*{height}/{width})',scale={width}:{height}:flags=bilinear")
    command = [program("ffmpeg"), "-nostdin", "-v", "error", "-threads", "1", "-i", str(file), "-an", "-sn", "-vf", filters]
    command += (["-frames:v", str(limit)] if limit else []) + ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run(command, capture_output=True)
    size = height * width * 3
    frames = len(done.stdout) // size
    if done.returncode or not frames:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise TrainerError("data", f"{file} cannot be decoded: {reason[-1] if reason else 'no frames'}", file=file)
    return np.frombuffer(done.stdout, np.uint8, frames * size).reshape(frames, height, width, 3)


def write(frames, file, fps):
    """Writes uint8 [F, H, W, 3] as H.264 in mp4 under a temporary name and renames it; returns the file's sha256. Equal frames give equal files."""
    file = Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial.mp4")
    height, width = frames.shape[1:3]
    command = [program("ffmpeg"), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps),
               "-i", "-", "-c:v", "libx264", "-preset", "medium", "-crf", "16", "-threads", "1", "-pix_fmt", "yuv420p", "-fflags", "+bitexact",
               "-flags:v", "+bitexact", "-movflags", "+faststart", str(partial)]
    try:
        done = subprocess.run(command, input=np.ascontiguousarray(frames).tobytes(), capture_output=True)
        if done.returncode:
            reason = done.stderr.decode(errors="replace").strip()
            raise TrainerError("disk" if "No space left" in reason else "internal", f"{file} cannot be written: {reason}", file=file)
        digest = hashlib.sha256(partial.read_bytes()).hexdigest()
        os.replace(partial, file)
        return digest
    finally:
        partial.unlink(missing_ok=True)


def to_pixels(frames):
    """uint8 [..., F, H, W, 3] -> float32 [..., 3, F, H, W] in -1..1."""
    return torch.from_numpy(np.array(frames)).movedim(-1, -4).float() / 127.5 - 1


def to_frames(pixels):
    """float [3, F, H, W] -> uint8 [F, H, W, 3]."""
    return ((pixels.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).movedim(0, -1).contiguous().numpy()
