"""Prompt files: a text file with one prompt a line, or a JSON list of texts."""

import json
from pathlib import Path

from .events import TrainerError


def read(file):
    """The prompts in order, white space folded; blank lines are skipped. A data error if there are none."""
    file = Path(file)
    try:
        text = file.read_text(encoding="utf-8-sig")
        items = json.loads(text) if file.suffix == ".json" else text.splitlines()
    except OSError as error:
        raise TrainerError("data", f"{file} cannot be read: {error.strerror}", file=file)
    except ValueError as error:
        raise TrainerError("data", f"{file} is not UTF-8 text or JSON: {error}", hint="save it as UTF-8", file=file)
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise TrainerError("data", f"{file} is no list of texts", file=file)
    prompts = [folded for item in items if (folded := " ".join(item.split()))]
    if not prompts:
        raise TrainerError("data", f"{file} holds no prompts", hint="write one a line", file=file)
    return prompts
