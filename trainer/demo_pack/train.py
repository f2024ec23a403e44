"""Trains and exports the demo pack: `python3 -m demo_pack.train` in the folder trainer/."""

import argparse
import json
import shlex
import time
from pathlib import Path

import torch

from . import check, data, export, fit

ROOT = Path(__file__).resolve().parents[2]
MEDGEN = f"dotnet run -c Release --project {shlex.quote(str(ROOT / 'src/Client'))} --"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--medgen", default=MEDGEN, help="command that runs the CLI")
    parser.add_argument("--work", type=Path, default=ROOT / "artifacts/demo-pack", help="rendered frames and their views")
    parser.add_argument("--out", type=Path, default=ROOT / "models/demo")
    parser.add_argument("--frames", type=int, default=6240)
    parser.add_argument("--epochs", type=int, default=18)
    parser.add_argument("--quality-epochs", type=int, default=5)
    parser.add_argument("--part", choices=("all", "embedder", "quality", "none"), default="all",
                        help="parts can be fitted by two processes at once; none makes the pack from what was fitted")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    started = time.monotonic()
    log = lambda line: print(line, flush=True)

    log("rendering and encoding scenes")
    sets = []
    for name, count, seed, held_out in (("train", options.frames, 1, False), ("heldout", options.frames // 5, 2, True)):
        data.render(shlex.split(options.medgen), options.work / name, count, seed, held_out)
        sets.append(data.load(options.work / name, log))
    training, held_out = sets

    report = {"held_out_frames": len(held_out.kind)}
    parts = {"embedder": lambda: _embedder(training, options.epochs, log), "quality": lambda: _quality(training, options.quality_epochs, log)}
    for name, fitted in parts.items():
        if options.part in ("all", name):
            log(f"fitting: {name} ({time.monotonic() - started:.0f} s)")
            torch.save(fitted(), options.work / f"{name}.pt")
    if not all((options.work / f"{name}.pt").exists() for name in parts):
        return log("the other part is still missing; no pack is written")

    embedder, (technical, aesthetic) = (torch.load(options.work / f"{name}.pt") for name in parts)
    report |= check.embedder_report(embedder, held_out)
    report |= check.quality_report(technical, aesthetic, held_out)
    export.write_pack(options.out, embedder, technical, aesthetic)
    (options.out / "report.json").write_text(json.dumps(report, indent=2) + "\n")
    log(json.dumps(report, indent=2))
    log(f"pack written to {options.out} ({time.monotonic() - started:.0f} s)")


def _embedder(training, epochs, log):
    return fit.fit_embedder(training, epochs, log)


def _quality(training, epochs, log):
    technical, aesthetic = fit.quality_targets(training)
    return (fit.fit_quality(training.technical, technical, epochs, "technical", log),
            fit.fit_quality(training.aesthetic, aesthetic, epochs, "aesthetic", log))


if __name__ == "__main__":
    main()
