"""Which share of generated clips shows what the prompt asks for: `python3 -m t2v.recognise --model MODEL --held_out DEMO --output_dir DIR`.

A classifier is trained on the real clips of DEMO, a folder of `medgen demo` with another seed than the model's training data, and names
the kind of scene of each generated clip."""

import json
from pathlib import Path

from . import events
from .events import emit, say
from .judge import Judge
from .options import Parser, above_zero, positive
from .serve import Server

PROMPTS = Path(__file__).with_name("recognition_prompts.json")


def parser():
    options = Parser(__doc__)
    options.prog_module = "t2v.recognise"
    options.add_argument("--model", type=Path, required=True)
    options.add_argument("--lora", type=Path)
    options.add_argument("--held_out", type=Path, required=True, help="folder of medgen demo; the classifier is trained on its clips")
    options.add_argument("--trained_on", type=Path, help="folder of the demo that the model was trained on: the classifier is checked on its real clips")
    options.add_argument("--output_dir", type=Path, required=True, help="for the generated clips")
    options.add_argument("--prompts", type=Path, default=PROMPTS, help="JSON: prompts by kind of scene")
    options.add_argument("--seeds", type=positive, default=2, help="clips of each prompt")
    options.add_argument("--steps", type=positive, default=30)
    options.add_argument("--guidance_scale", type=above_zero, default=1.5)
    options.add_argument("--shift", type=above_zero, default=7.0)
    return options


def main(arguments):
    options = parser().read(arguments)
    server = Server(options.model, options.lora)
    emit("recognition", **recognised(server, options))


def recognised(server, options):
    """See Judge.rates; the clips stay in the output folder."""
    judge = Judge(options.held_out, server.config.video)
    wanted, said = [], []
    for kind, prompts in json.loads(options.prompts.read_text(encoding="utf-8")).items():
        for number, prompt in enumerate(prompts):
            for seed in range(options.seeds):
                file = options.output_dir / f"{kind}-{number}-{seed}.mp4"
                server.draw({"id": file.stem, "prompt": prompt, "seed": seed, "steps": options.steps, "guidance_scale": options.guidance_scale,
                             "shift": options.shift, "output": str(file)})
                wanted.append(kind)
                said.append(judge.kind_of(file))
                say(f"{file.name}: {said[-1]}")
    return judge.rates(wanted, said, options.trained_on)


if __name__ == "__main__":
    events.run(main)
