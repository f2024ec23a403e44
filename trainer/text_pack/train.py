"""Trains and exports the text roles of the demo pack: `python3 -m text_pack.train` in the folder trainer/."""

import argparse
import json
import time
from pathlib import Path

import torch

from . import export, fit, labelled, rows, wordpiece

ROOT = Path(__file__).resolve().parents[2]


def report(pairs, scores, threshold=0.5):
    """Accuracy, precision, recall and the worst errors of the label 1."""
    said = [score >= threshold for score in scores]
    hits = sum(label and yes for (_, label), yes in zip(pairs, said))
    right = sum(bool(label) == yes for (_, label), yes in zip(pairs, said))
    wrong = sorted(((abs(score - label), label, text) for (text, label), score in zip(pairs, scores) if (score >= threshold) != bool(label)), reverse=True)
    return {"rows": len(pairs), "accuracy": right / len(pairs), "precision": hits / max(1, sum(said)),
            "recall": hits / max(1, sum(label for _, label in pairs))}, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "models/demo")
    parser.add_argument("--rows", type=int, default=40_000, help="new rows for each epoch")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--vocabulary", type=int, default=9_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--errors", type=int, default=10, help="worst errors on held-out rows to print")
    parser.add_argument("--strict", action="store_true", help="train without the dictionary's terms that the labelled set uses, and write nothing")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    log = lambda line: print(line, flush=True)
    started = time.monotonic()

    source = rows.training_grammar(options.strict)
    draw = lambda epoch: rows.draw(source, options.rows, 1000 + epoch)
    vocabulary = wordpiece.learn([text for text, _ in rows.draw(source, 30_000, 999, heaps=0.4)], options.vocabulary, rows.known_words(source))
    tokenizer = wordpiece.WordPiece(vocabulary)
    log(f"vocabulary of {len(vocabulary)} pieces ({time.monotonic() - started:.0f} s)")
    embedder, head = fit.fit(draw, tokenizer, len(vocabulary), options.epochs, log)

    held_out = [(rows.text_of(row["title"], row["description"]), int(row["label"] == "medical")) for row in labelled.build(2400, 11)]
    numbers, wrong = report(held_out, fit.score(embedder, head, tokenizer, [text for text, _ in held_out]))
    log("held-out rows: " + json.dumps({name: round(value, 4) for name, value in numbers.items()}))
    for _, label, text in wrong[:options.errors]:
        log(f"  {'missed' if label else 'false'}: {text!r}")
    if options.strict:
        return
    export.write(options.out, embedder, head, vocabulary)
    log(f"text roles written to {options.out} ({time.monotonic() - started:.0f} s)")


if __name__ == "__main__":
    main()
