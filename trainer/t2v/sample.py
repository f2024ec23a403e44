"""Draws videos of prompts into a folder: `python3 -m t2v.sample --model MODEL --prompts FILE --output_dir DIR [--seeds 4]`."""

import json
from pathlib import Path

from . import events, prompts
from .events import emit
from .options import Parser, above_zero, count, positive
from .serve import Server


def parser():
    options = Parser(__doc__)
    options.prog_module = "t2v.sample"
    options.add_argument("--model", type=Path, required=True)
    options.add_argument("--lora", type=Path)
    options.add_argument("--prompts", type=Path, required=True, help="text file with one prompt a line, or a JSON list")
    options.add_argument("--output_dir", type=Path, required=True)
    options.add_argument("--seeds", type=positive, default=1, help="videos of each prompt")
    options.add_argument("--first_seed", type=count, default=0)
    options.add_argument("--steps", type=positive, default=50)
    options.add_argument("--guidance_scale", type=above_zero, default=1.0)
    options.add_argument("--shift", type=above_zero, default=7.0)
    return options


def main(arguments):
    options = parser().read(arguments)
    wanted = prompts.read(options.prompts)
    server = Server(options.model, options.lora)
    for number, prompt in enumerate(wanted):
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            name = f"{number:03d}-{seed}"
            request = {"id": name, "prompt": prompt, "seed": seed, "steps": options.steps, "guidance_scale": options.guidance_scale, "shift": options.shift,
                       "output": str(options.output_dir / f"{name}.mp4")}
            made = server.draw(request)
            # The file beside a video says how to make it again.
            Path(made["output"]).with_suffix(".json").write_text(json.dumps({**request, "sha256": made["sha256"]}, ensure_ascii=False) + "\n", encoding="utf-8")
            emit("generated", id=name, **made)


if __name__ == "__main__":
    events.run(main)
