"""Which share of generated clips shows what the prompt asks for: `python3 -m t2v.recognise --model MODEL --held_out DEMO --output_dir DIR`.

A classifier is trained on the real clips of DEMO, a folder of `medgen demo` with another seed than the model's training data, and names
the kind of scene of each generated clip."""

import json
from pathlib import Path

from . import classifier, events, labelled, video
from .events import emit, say
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
    """Rates in 0..1 with counts: of generated clips, of real clips of the training demo (how good the classifier is), of every kind."""
    shape = server.parts.config.video
    real = labelled.clips(options.held_out)
    net = classifier.fit([_pixels(clip.path, shape) for clip, _ in real], [labelled.KINDS.index(kind) for _, kind in real], len(labelled.KINDS), 0)
    result = {"chance": 1 / len(labelled.KINDS), "classifier_clips": len(real)}
    if options.trained_on:
        others = labelled.clips(options.trained_on)
        result["real_rate"] = _mean(labelled.KINDS[classifier.kind_of(net, _pixels(clip.path, shape))] == kind for clip, kind in others)
    named = []
    for kind, prompts in json.loads(options.prompts.read_text(encoding="utf-8")).items():
        for number, prompt in enumerate(prompts):
            for seed in range(options.seeds):
                file = options.output_dir / f"{kind}-{number}-{seed}.mp4"
                server.draw({"id": file.stem, "prompt": prompt, "seed": seed, "steps": options.steps, "guidance_scale": options.guidance_scale,
                             "shift": options.shift, "output": str(file)})
                said = labelled.KINDS[classifier.kind_of(net, _pixels(file, shape))]
                named.append((kind, said))
                say(f"{file.name}: {said}")
    by_kind = {kind: _mean(said == kind for wanted, said in named if wanted == kind) for kind in labelled.KINDS}
    return {**result, "generated": len(named), "recognised": sum(wanted == said for wanted, said in named),
            "rate": _mean(wanted == said for wanted, said in named), "by_kind": by_kind}


def _pixels(file, shape):
    return video.to_pixels(video.read(file, shape.height, shape.width, shape.fps))


def _mean(values):
    values = list(values)
    return sum(values) / len(values)


if __name__ == "__main__":
    events.run(main)
