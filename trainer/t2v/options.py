"""Command lines: snake_case options, a JSON file that gives some of them, usage errors as events."""

import argparse
import json
from pathlib import Path

from .events import TrainerError


class Parser(argparse.ArgumentParser):
    """An argument parser that raises usage errors and knows `--config FILE.json`; what the command line says wins over the file."""

    def __init__(self, description):
        super().__init__(description=description, allow_abbrev=False, argument_default=None)
        self.add_argument("--config", type=Path, help="JSON file with options by name")

    def error(self, message):
        raise TrainerError("usage", message, hint=f"see python3 -m {self.prog_module} --help" if self.prog_module else None)

    prog_module = None

    def read(self, arguments, presets=None):
        """The options as a namespace; `presets` gives defaults by the name that `--preset` chooses."""
        first, _ = _Lenient(self).parse_known_args(arguments)
        if presets and first.preset:
            if first.preset not in presets:
                self.error(f"there is no preset '{first.preset}'; there is {', '.join(presets)}")
            self.set_defaults(**presets[first.preset])
        if first.config:
            self.set_defaults(**self._file(first.config))
        return self.parse_args(arguments)

    def _file(self, path):
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise TrainerError("usage", f"--config {path}: {error.strerror}", file=path)
        except json.JSONDecodeError as error:
            raise TrainerError("usage", f"--config {path} is not JSON: {error}", file=path)
        actions = {action.dest: action for action in self._actions}
        if not isinstance(values, dict) or (unknown := sorted(set(values) - set(actions))):
            raise TrainerError("usage", f"--config {path}: {', '.join(unknown) if isinstance(values, dict) else 'no object'} is no option", file=path)
        for action in self._actions:
            if action.dest in values:
                action.required = False
        # Strings pass through the option's type by argparse itself; other values do so here.
        return {name: _text(value) if actions[name].type and value is not None and not isinstance(value, bool) else value for name, value in values.items()}


def _text(value):
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


class _Lenient(argparse.ArgumentParser):
    """Reads --config and --preset alone, before the rest has its defaults."""

    def __init__(self, parent):
        super().__init__(add_help=False, allow_abbrev=False)
        self.parent = parent
        self.add_argument("--config", type=Path)
        self.add_argument("--preset")

    def error(self, message):
        self.parent.error(message)


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return value


def count(text):
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return value


def share(text):
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not within 0 to 1")
    return value


def above_zero(text):
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def names(text):
    """Names with commas between them, as a tuple; in a JSON file a list does as well."""
    values = tuple(name.strip() for name in text.split(","))
    if not all(values):
        raise argparse.ArgumentTypeError(f"'{text}' has an empty name")
    return values
