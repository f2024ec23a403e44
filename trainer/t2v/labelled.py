"""Clips of rendered demo channels with the kind of scene that they show, from `truth.json` beside the export."""

import json
from dataclasses import dataclass
from pathlib import Path

from . import source
from .events import TrainerError

KINDS = ("endoscopy", "ultrasound", "radiology", "ecg_monitor", "surgical_field", "organ_animation", "lecture")
EVERYDAY = ("landscape", "city", "cooking", "sports", "road", "cartoon")


@dataclass(frozen=True)
class Take:
    """One continuous scene of a video of the channel, seconds."""

    kind: str
    file: Path
    start: float
    end: float


def clips(demo):
    """(clip, kind) of the exported clips of a demo's folder: a clip is of the take that holds its middle."""
    demo = Path(demo)
    takes = {video["id"]: video["scenes"] for video in _truth(demo)["videos"]}
    exported, _ = source.read(demo / "dataset")
    rows = {row["clip_id"]: row for row in map(json.loads, (demo / "dataset" / "metadata.jsonl").read_text(encoding="utf-8").splitlines())}
    found = []
    for clip in exported:
        row = rows[clip.id]
        middle = (row["start_time"] + row["end_time"]) / 2
        kind = next((scene["kind"] for scene in takes.get(_video(row, takes), ()) if scene["start"] <= middle < scene["end"]), None)
        if kind in KINDS:
            found.append((clip, kind))
    return found


def everyday(demo):
    """Everyday takes of a demo's channel, those of damaged videos left out."""
    demo = Path(demo)
    found = []
    for video in _truth(demo)["videos"]:
        for scene in video["scenes"]:
            if scene["kind"] in EVERYDAY and video["fault"] in ("none", "mixed_content", "non_medical"):
                found.append(Take(scene["kind"], demo / "channel" / video["file"], scene["start"], scene["end"]))
    return found


def _video(row, takes):
    """The channel's id of a clip's video: from its address, or from the title where the metadata was missing."""
    text = f"{row.get('source_url') or ''} {row.get('title') or ''}"
    return next((identity for identity in takes if identity in text), None)


def _truth(demo):
    try:
        return json.loads((demo / "truth.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainerError("data", f"{demo / 'truth.json'} cannot be read: {error}", file=demo, hint="give the folder that medgen demo --out wrote")
