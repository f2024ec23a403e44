"""Keeps a model loaded and draws videos on request: one JSON object a line on standard input, events on standard output."""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from . import VERSION, events, own, pipelines, video
from .events import TrainerError, emit, say
from .options import Parser

DEFAULTS = {"seed": 0, "steps": 50, "guidance_scale": 1.0, "shift": 7.0}


def parser():
    options = Parser(__doc__)
    options.prog_module = "t2v.serve"
    options.add_argument("--model", type=Path, required=True, help="folder named by the done event of t2v.train")
    options.add_argument("--lora", type=Path, help="folder with pytorch_lora_weights.safetensors to merge")
    return options


def main(arguments):
    options = parser().read(arguments)
    started = time.monotonic()
    server = Server(options.model, options.lora)
    signal.signal(signal.SIGTERM, server.stop)
    shape = server.config.video
    emit("ready", model=options.model, device=server.sampler.device, num_frames=shape.num_frames, height=shape.height, width=shape.width, fps=shape.fps,
         seconds=time.monotonic() - started, code_version=VERSION)
    for line in sys.stdin:
        if line.strip():
            server.answer(line)
        if server.stopping:
            break


class Server:
    def __init__(self, folder, lora=None):
        video.program("ffmpeg")
        self.sampler = pipelines.load(folder, lora) if (folder / pipelines.BACKBONE).exists() else own.OwnSampler(folder, lora)
        self.config = self.sampler.config
        self.stopping, self.working = False, threading.Lock()

    def stop(self, *_):
        """Ends the process after the item in hand, at once where none is."""
        self.stopping = True
        if not self.working.locked():
            sys.stdout.flush()
            os._exit(0)

    def answer(self, line):
        """Draws what a line asks for; what is wrong with it is an event, and the process lives on."""
        with self.working:
            identity = None
            try:
                request = parsed(line)
                identity = request["id"]
                emit("generated", id=identity, **self.draw(request))
            except Exception as error:  # noqa: B902 - the next request has to be answered
                outcome = events.classify(error)
                say(f"{identity}: {outcome.message}")
                emit("failed", id=identity, kind=outcome.kind, message=outcome.message)

    def draw(self, request):
        started = time.monotonic()
        prompt = " ".join(request["prompt"].split())
        if self.sampler.cut(prompt):
            say(f"{request['id']}: the prompt is longer than the {self.config.text.length} tokens that the model reads; the rest is left out")
        frames = self.sampler.draw(prompt, request["seed"], request["steps"], request["guidance_scale"], request["shift"])
        fps = self.config.video.fps
        digest = video.write(frames, request["output"], fps)
        return {"output": request["output"], "seconds": time.monotonic() - started, "frames": len(frames), "width": frames.shape[2],
                "height": frames.shape[1], "fps": fps, "sha256": digest}


def parsed(line):
    """A request with its defaults; a usage error says what is wrong with it."""
    try:
        request = json.loads(line)
    except ValueError as error:
        raise TrainerError("usage", f"the request is not JSON: {error}")
    if not isinstance(request, dict):
        raise TrainerError("usage", "the request is no object")
    request = {"id": None, **DEFAULTS, **request}
    checks = (("prompt", isinstance(request.get("prompt"), str) and request["prompt"].strip(), "a text"),
              ("output", isinstance(request.get("output"), str) and request["output"].endswith(".mp4"), "a path that ends with .mp4"),
              ("seed", _whole(request["seed"]) and 0 <= request["seed"] < 2 ** 63, "a whole number of at least 0"),
              ("steps", _whole(request["steps"]) and 1 <= request["steps"] <= 1000, "within 1 to 1000"),
              ("guidance_scale", _number(request["guidance_scale"]) and 0 < request["guidance_scale"] <= 100, "above 0 and at most 100"),
              ("shift", _number(request["shift"]) and 0 < request["shift"] <= 100, "above 0 and at most 100"))
    for name, holds, wanted in checks:
        if not holds:
            raise TrainerError("usage", f"{name} must be {wanted}, not {request.get(name)!r}")
    return request


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


if __name__ == "__main__":
    events.run(main)
