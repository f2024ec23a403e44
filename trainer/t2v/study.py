"""Does the tiny model show what it is asked for? Prints recognition rates: `python3 -m t2v.study --demo A --held_out B --output_dir DIR`.

A and B are folders that `medgen demo --seed N --out FOLDER` wrote with different seeds. Part `full` trains all weights on the export of A.
Part `lora` trains a base on drawn shapes and on the everyday scenes of both channels, then adapters on the export of A. The base has met medical
words, as a large language model has, and no medical picture. Every generated clip is judged by a classifier that is trained on the real clips of B."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import everyday, events, lora, source
from .events import TrainerError, emit, say
from .options import Parser, positive

LORA_RANK, LORA_GUIDANCE = 8, 3.0  # a low rank on every linear layer: on a base this small the attention alone gives adapters too little to turn
PROMPTS = Path(__file__).resolve().parents[2] / "models" / "prompts" / "medical-200.jsonl"


def parser():
    options = Parser(__doc__)
    options.prog_module = "t2v.study"
    options.add_argument("--demo", type=Path, required=True)
    options.add_argument("--held_out", type=Path, required=True)
    options.add_argument("--output_dir", type=Path, required=True)
    options.add_argument("--part", choices=("full", "lora", "all"), default="all")
    options.add_argument("--max_train_steps", type=positive, default=700)
    options.add_argument("--drawn", type=positive, default=640, help="clips of shapes that the base sees beside the everyday scenes")
    options.add_argument("--text_encoder_steps", type=positive, default=1500, help="of the base")
    options.add_argument("--base_steps", type=positive, default=2500)
    options.add_argument("--lora_steps", type=positive, default=1200)
    options.add_argument("--seeds", type=positive, default=2, help="clips of each of the prompts")
    return options


def main(arguments):
    options = parser().read(arguments)
    results = {}
    if options.part in ("full", "all"):
        results["full"] = full(options)
    if options.part in ("lora", "all"):
        results["lora"] = adapters(options)
    options.output_dir.mkdir(parents=True, exist_ok=True)
    (options.output_dir / "study.json").write_text(json.dumps(results, indent=2) + "\n")
    emit("study", **results)
    for part, result in results.items():
        say(f"{part}: {result['recognised']} of {result['generated']} generated clips recognised ({100 * result['rate']:.0f} %; "
            f"chance {100 * result['chance']:.0f} %; real clips {100 * result['real_rate']:.0f} %), "
            f"{result['trainable']:,} weights trained, the model has {result['parameters']:,} ({100 * result['share']:.1f} %), prepared and trained in {result['seconds']:.0f} s")


def full(options):
    """All weights, on the export of the demo."""
    started = time.monotonic()
    data, output = options.output_dir / "data", options.output_dir / "full"
    step("t2v.prepare", "--data_path", options.demo / "dataset", "--output_dir", data)
    return trained(options, data, output, started, (), "--max_train_steps", options.max_train_steps)


def adapters(options):
    """A base without medical scenes, then LoRA on the export of the demo; the time is that of the second part."""
    export, base_data, base = (options.output_dir / name for name in ("base-export", "base-data", "base"))
    shutil.rmtree(export, ignore_errors=True)
    say(f"{everyday.write(export, (options.demo, options.held_out), options.drawn)} clips for the base")
    words = options.output_dir / "corpus.json"
    words.write_text(json.dumps(corpus(options.demo / "dataset")), encoding="utf-8")
    step("t2v.prepare", "--data_path", export, "--output_dir", base_data, "--windows_per_clip", 3, "--autoencoder_steps", 400,
         "--text_corpus", words, "--text_encoder_steps", options.text_encoder_steps)
    step("t2v.train", "--data_json_path", base_data / "videos2caption.json", "--output_dir", base, "--max_train_steps", options.base_steps)
    started = time.monotonic()
    data, output = options.output_dir / "lora-data", options.output_dir / "lora"
    step("t2v.prepare", "--data_path", options.demo / "dataset", "--output_dir", data, "--autoencoder", base_data, "--windows_per_clip", 12)
    guided = ("--guidance_scale", LORA_GUIDANCE)
    return trained(options, data, output, started, guided, "--max_train_steps", options.lora_steps, "--use_lora", "--init_from", base / "model",
                   "--lora_rank", LORA_RANK, "--lora_alpha", 2 * LORA_RANK, "--lora_target_modules", lora.ALL_LINEAR, "--learning_rate", 3e-3)


def corpus(export):
    """Texts with medical words: the captions of an export and the prompts that come with the software."""
    captions = [max(clip.captions, key=len) for clip in source.read(export)[0] if clip.captions]
    return captions + [json.loads(line)["prompt"] for line in PROMPTS.read_text(encoding="utf-8").splitlines()]


def trained(options, data, output, started, sampling, *more):
    """Trains with the options `more`, samples with the options `sampling` and recognises; the result of both."""
    made = step("t2v.train", "--data_json_path", data / "videos2caption.json", "--output_dir", output, *more)
    seconds = time.monotonic() - started
    judged = step("t2v.recognise", "--model", output / "model", "--held_out", options.held_out, "--trained_on", options.demo,
                  "--output_dir", output / "generated", "--seeds", options.seeds, *sampling)
    start, result = made["start"], judged["recognition"]
    trainable = start["trainable"]
    parameters = start["parameters"] - (trainable if "--use_lora" in more else 0)  # the model's own
    return {**{name: value for name, value in result.items() if name not in ("event", "time")}, "parameters": parameters,
            "trainable": trainable, "share": trainable / parameters, "seconds": seconds, "loss": made["done"]["loss"]}


def step(module, *arguments):
    """Runs a command of this package, passes its events on and returns the last of each name."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    say(" ".join(command[1:]))
    last = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[1]) as process:
        for line in process.stdout:
            event = json.loads(line)
            last[event["event"]] = event
            if event["event"] not in ("step", "clip") or event.get("step", 0) % 50 == 0:
                print(line, end="", flush=True)
    if process.returncode:
        error = last.get("error", {})
        raise TrainerError(error.get("kind", "internal"), f"{module}: {error.get('message', f'ended with {process.returncode}')}", hint=error.get("hint"))
    return last


if __name__ == "__main__":
    events.run(main)
