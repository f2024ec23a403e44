"""What `medgen export --format fastvideo` wrote: the list of clips, and which of them a training sample can be cut from."""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

from .events import TrainerError

LIST = "videos2caption.json"
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Clip:
    """A clip of the export; `captions` are its texts of different length, the longest first as exported."""

    id: str
    path: Path
    width: int
    height: int
    fps: float
    frames: int
    captions: tuple


def read(folder):
    """The clips of an export, and its manifest's sha256 (of checksums.sha256, which covers every file, else of the list)."""
    folder = Path(folder)
    listed = folder / LIST
    try:
        text = listed.read_text(encoding="utf-8")
        media = folder / ((folder / "merge.txt").read_text(encoding="utf-8").split(",")[0].strip() or ".") if (folder / "merge.txt").exists() else folder
        items = json.loads(text)
    except OSError as error:
        raise TrainerError("data", f"{listed} cannot be read: {error.strerror}", hint="give the folder of medgen export --format fastvideo", file=listed)
    except ValueError as error:
        raise TrainerError("data", f"{listed} is not JSON: {error}", hint="export the dataset again", file=listed)
    if not isinstance(items, list):
        raise TrainerError("data", f"{listed} is no list of clips", hint="export the dataset again", file=listed)
    manifest = folder / "checksums.sha256"
    digest = hashlib.sha256(manifest.read_bytes() if manifest.exists() else text.encode()).hexdigest()
    return [_clip(item, number, media, listed) for number, item in enumerate(items)], digest


def _clip(item, number, media, listed):
    try:
        captions = item["cap"] if isinstance(item["cap"], list) else [item["cap"]]
        fps = float(item["fps"])
        frames = int(item.get("usable_frames") or item.get("frames") or round(fps * float(item["duration"])))
        return Clip(Path(item["path"]).stem, media / item["path"], int(item["resolution"]["width"]), int(item["resolution"]["height"]), fps, frames,
                    tuple(caption.strip() for caption in captions if caption and caption.strip()))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrainerError("data", f"{listed}: item {number} lacks or misstates {error}", hint="export the dataset again", file=listed)


def resampled(clip, fps):
    """Frames of a clip after resampling: frame floor(k * clip.fps / fps) for k = 0, 1, ... while it is inside (FastVideo)."""
    return math.ceil(clip.frames / (clip.fps / fps))


def left_out(clip, video):
    """(reason, detail) where FastVideo's checks leave a clip out, else None. `video` is the configuration's."""
    if not clip.path.is_file():
        return "missing-file", f"{clip.path} does not exist"
    if not clip.captions:
        return "no-caption", "it has no caption"
    if clip.fps <= 0 or clip.frames < 1 or clip.width < 1 or clip.height < 1:
        return "unknown-shape", "frames, frame rate or resolution are unknown"
    aspect, centre = clip.height / clip.width, video.height / video.width
    if not centre / video.aspect_tolerance <= aspect <= centre * video.aspect_tolerance:
        return "aspect", f"height / width {aspect:.3f} is outside {centre / video.aspect_tolerance:.3f} to {centre * video.aspect_tolerance:.3f}"
    seconds, longest = clip.frames / clip.fps, video.length_tolerance * video.num_frames / video.fps
    if seconds > longest:
        return "too-long", f"{seconds:.2f} s are longer than {longest:.2f} s"
    if (count := resampled(clip, video.fps)) < video.num_frames:
        return "too-short", f"{count} frames at {video.fps:g} fps are fewer than {video.num_frames}"
    return None


def variant(captions, random):
    """One of the captions, or some sentences of the longest in their order: training texts as long as prompts that people write."""
    sentences = SENTENCE.split(max(captions, key=len))
    if len(sentences) > 1 and random.random() < 0.6:
        kept = [sentence for sentence in sentences if random.random() < 0.5]
        return " ".join(kept or [random.choice(sentences)])
    return random.choice(captions)
