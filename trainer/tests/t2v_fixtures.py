"""A tiny export of moving squares, a micro model, and commands of t2v run as the host runs them."""

import contextlib
import importlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from t2v import config as configs, events, video

TRAINER = Path(__file__).resolve().parents[1]
MICRO = configs.Config(
    name="micro",
    video=configs.Video(num_frames=5, height=32, width=48, windows_per_clip=3),
    transformer=configs.Transformer(in_channels=8, hidden=32, heads=2, double_blocks=1, single_blocks=1, rope_axes=(4, 6, 6), text_dim=16, pooled_dim=16),
    autoencoder=configs.Autoencoder(latent_channels=8, channels=(8, 8, 8)),
    text=configs.Text(length=12, dim=16, heads=2, layers=1))
SMALL = ["--train_batch_size", 2, "--lr_warmup_steps", 2, "--learning_rate", 1e-3]
COLOURS = {"red": (220, 30, 30), "green": (30, 200, 30), "blue": (30, 40, 220), "grey": (120, 120, 120)}


def square(colour, frames=24, height=64, width=96):
    """Frames of a square that moves over a dark ground."""
    made = np.full((frames, height, width, 3), 25, np.uint8)
    for number, frame in enumerate(made):
        frame[20:44, number:number + 24] = colour
    return made


def write_export(folder, extra=()):
    """An export in the layout of `medgen export --format fastvideo`; `extra` are more items of its list."""
    items = []
    for name, colour in COLOURS.items():
        video.write(square(colour), folder / "videos" / f"{name}.mp4", 12)
        items.append(item(name, [f"A {name} square moves to the right. The ground is dark.", f"A {name} square."]))
    (folder / "videos2caption.json").write_text(json.dumps(items + list(extra)))
    (folder / "merge.txt").write_text("videos,videos2caption.json\n")
    return folder


def item(name, captions, frames=24, fps=12.0, width=96, height=64):
    return {"path": f"{name}.mp4", "resolution": {"width": width, "height": height}, "fps": fps, "duration": frames / fps, "frames": frames, "cap": captions}


def write_config(file, config=MICRO, **changes):
    configs.save(replace(config, **changes), file)
    return file


def environment():
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}


def command(module, *arguments, processes=1):
    launch = ["-m", module] if processes == 1 else ["-m", "t2v.torchrun", "--standalone", "--nproc_per_node", str(processes), "-m", module]
    return [sys.executable, *launch, *map(str, arguments)]


def run(module, *arguments, processes=1, **options):
    """(exit code, events) of a command: in this process where nothing asks for one of its own, as a new one imports PyTorch for seconds."""
    if processes == 1 and not options:
        return run_here(module, *arguments)
    done = subprocess.run(command(module, *arguments, processes=processes), cwd=TRAINER, env=environment(), capture_output=True, text=True, timeout=240, **options)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def run_here(module, *arguments):
    """As `run`, without a process; the signals' handlers are put back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    said, code = io.StringIO(), 0
    try:
        with contextlib.redirect_stdout(said):
            events.run(importlib.import_module(module).main, list(map(str, arguments)))
    except SystemExit as ending:
        code = ending.code or 0
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return code, [json.loads(line) for line in said.getvalue().splitlines()]


def arguments(data, output, steps, *more):
    """Options of a short training run."""
    return ["--data_json_path", data / "videos2caption.json", "--output_dir", output, "--max_train_steps", steps, *SMALL, *more]


def named(events, name):
    return [event for event in events if event["event"] == name]


def losses(events):
    return {event["step"]: event["loss"] for event in named(events, "step")}


def random_model(folder, config=MICRO, seed=0):
    """The folder of a model with random weights, those included that training begins at zero."""
    import torch
    from t2v import bundle, model, weights
    from t2v.autoencoder import Autoencoder
    from t2v.dit import DiT
    from t2v.text import TextEncoder, Tokenizer, read_vocabulary
    torch.manual_seed(seed)
    tokenizer = Tokenizer(read_vocabulary(bundle.DEFAULT_VOCABULARY), config.text.length)
    parts = bundle.Bundle(config, Autoencoder(config.autoencoder), tokenizer, TextEncoder(config.text, len(tokenizer.vocabulary)))
    transformer = DiT(config.transformer)
    with torch.no_grad():
        for net in (parts.autoencoder, parts.encoder, transformer):
            for value in net.parameters():
                if not value.any():
                    value.normal_(std=0.1)
    folder.mkdir(parents=True, exist_ok=True)
    parts.save(folder)
    weights.write(folder / model.TRANSFORMER, transformer.state_dict())
    return folder
