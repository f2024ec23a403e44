"""Checkpoints: folders that are there whole or not at all, of which the newest few are kept."""

import json
import os
import re
import shutil
from pathlib import Path

import torch

from . import config as configs, lora, weights
from .bundle import read_config, same_geometry
from .events import TrainerError
from .model import LORA, LORA_CONFIG, TRANSFORMER

EMA, OPTIMIZER, STATE = "ema.safetensors", "optimizer.safetensors", "state.json"
NAME = re.compile(r"(?:lora-)?checkpoint-(\d+)")


def step_of(folder):
    match = NAME.fullmatch(Path(folder).name)
    return int(match[1]) if match else None


def all_in(output):
    """Complete checkpoints of a run, the oldest first."""
    found = [folder for folder in Path(output).glob("*checkpoint-*") if step_of(folder) is not None and (folder / STATE).is_file()]
    return sorted(found, key=step_of)


def save(output, run, limit):
    """Writes the checkpoint of a run's state and drops those that are more than `limit`. A disk error leaves the earlier ones alone."""
    target = Path(output) / f"{'lora-' if run.lora else ''}checkpoint-{run.step}"
    write_folder(target, run.write)
    for old in all_in(output)[:-limit] if limit else []:
        if old != target:
            shutil.rmtree(old)
    return target


def write_folder(target, write):
    """Calls write(folder) on a folder beside the target, puts it on the disk and gives it its name."""
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        write(partial)
        _sync(partial)
        if target.exists():
            shutil.rmtree(target)
        os.replace(partial, target)
        _sync(target.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def find(output, choice):
    """The checkpoint that --resume_from_checkpoint means: a folder, or the newest of the run (None where it has none)."""
    if choice == "latest":
        return (all_in(output) or [None])[-1]
    folder = Path(choice)
    if not (folder / STATE).is_file():
        raise TrainerError("data", f"{folder} is no checkpoint: it lacks {STATE}", hint="give latest or a folder checkpoint-N", file=folder)
    return folder


def write_weights(folder, config, parameters, options):
    """The weights and how they were made: LoRA weights where options.use_lora says so."""
    configs.save(config, folder / "config.json")
    if options.use_lora:
        weights.write(folder / LORA, lora.to_file(parameters))
        settings = {"lora_rank": options.lora_rank, "lora_alpha": options.lora_alpha, "target_modules": list(options.lora_target_modules)}
        (folder / LORA_CONFIG).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    else:
        weights.write(folder / TRANSFORMER, parameters)


def write_state(folder, ema, optimizer, names, state):
    weights.write(folder / EMA, ema.average)
    tensors = {}
    for name, parameter in names.items():
        for key, value in optimizer.state.get(parameter, {}).items():
            tensors[f"{key}.{name}"] = value if torch.is_tensor(value) else torch.tensor(float(value))
    weights.write(folder / OPTIMIZER, tensors)
    (folder / STATE).write_text(json.dumps(state, indent=2, default=str) + "\n", encoding="utf-8")


@torch.no_grad()
def restore(folder, config, parameters, is_lora, ema, optimizer):
    """Puts a checkpoint into parameters, average and optimizer; returns its state. Errors name the file."""
    folder = Path(folder)
    if difference := same_geometry(read_config(folder / "config.json"), config):
        raise TrainerError("geometry", f"{folder} is of another geometry: {difference}", file=folder,
                           hint="resume with the configuration and data that it was made with")
    file = folder / (LORA if is_lora else TRANSFORMER)
    stored = weights.read(file)
    for name, value in _matched(lora.from_file(stored) if is_lora else stored, parameters, file).items():
        parameters[name].copy_(value)
    for name, value in _matched(weights.read(folder / EMA), ema.average, folder / EMA).items():
        ema.average[name].copy_(value)
    moments = weights.read(folder / OPTIMIZER)
    for name, parameter in parameters.items():
        kept = {key: moments[f"{key}.{name}"] for key in ("step", "exp_avg", "exp_avg_sq") if f"{key}.{name}" in moments}
        if len(kept) != 3:
            raise TrainerError("data", f"{folder / OPTIMIZER} lacks the moments of {name}", file=folder / OPTIMIZER)
        optimizer.state[parameter] = {key: value if key == "step" else value.to(parameter.device) for key, value in kept.items()}
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        ema.updates = state["ema_updates"]
        return state
    except (ValueError, KeyError) as error:
        raise TrainerError("data", f"{folder / STATE} is damaged: {error}", file=folder / STATE)


def _matched(tensors, wanted, file):
    for name, value in wanted.items():
        if name not in tensors or tensors[name].shape != value.shape:
            raise TrainerError("geometry", f"{file} does not fit the model: {name}", file=file,
                               hint="resume with the options and the configuration that it was made with")
    return {name: tensors[name] for name in wanted}


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
