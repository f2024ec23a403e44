"""Names the kind of scene of clips that somebody generated: `python3 -m t2v.judge --clips FILE --model MODEL --held_out DEMO`.

FILE holds JSON lines {"path", "kind"}: a clip and what its prompt asked for. The classifier is trained on the real clips of DEMO, a folder of
`medgen demo` with another seed than the model's training data. `--sheet` writes a picture: real clips and generated ones of each kind side by side."""

import json
from pathlib import Path

from PIL import Image, ImageDraw

from . import bundle, classifier, events, labelled, video
from .events import TrainerError, emit
from .options import Parser

FRAMES, GAP, LABEL = 3, 6, 14


def parser():
    options = Parser(__doc__)
    options.prog_module = "t2v.judge"
    options.add_argument("--clips", type=Path, required=True)
    options.add_argument("--model", type=Path, required=True, help="the model that drew the clips: its frames' shape and rate are what the classifier sees")
    options.add_argument("--held_out", type=Path, required=True)
    options.add_argument("--trained_on", type=Path, help="folder of the demo that the model was trained on: the classifier is checked on its real clips")
    options.add_argument("--sheet", type=Path, help="PNG to write")
    return options


def main(arguments):
    options = parser().read(arguments)
    shape = bundle.read_config(options.model / bundle.CONFIG).video
    wanted = read_list(options.clips)
    judge = Judge(options.held_out, shape)
    said = [judge.kind_of(path) for path, _ in wanted]
    for (path, kind), found in zip(wanted, said):
        emit("judged", path=path, kind=kind, recognised=found)
    if options.sheet:
        draw_sheet(options.sheet, judge.real, wanted, shape)
    emit("recognition", **judge.rates([kind for _, kind in wanted], said, options.trained_on), sheet=options.sheet)


class Judge:
    """A classifier that is trained on the real clips of a demo's folder; `shape` is the configuration's video."""

    def __init__(self, held_out, shape):
        self.shape, self.real = shape, labelled.clips(held_out)
        if not self.real:
            raise TrainerError("data", f"{held_out} has no clips whose kind of scene is known", file=held_out, hint="give the folder that medgen demo --out wrote")
        pixels = [self._pixels(clip.path) for clip, _ in self.real]
        self.net = classifier.fit(pixels, [labelled.KINDS.index(kind) for _, kind in self.real], len(labelled.KINDS), 0)

    def kind_of(self, file):
        return labelled.KINDS[classifier.kind_of(self.net, self._pixels(file))]

    def rates(self, wanted, said, trained_on=None):
        """Rates in 0..1 with counts: of generated clips, of every kind, and of the real clips of `trained_on`, which say how good the classifier is."""
        right = [kind == found for kind, found in zip(wanted, said)]
        result = {"chance": 1 / len(labelled.KINDS), "classifier_clips": len(self.real)}
        if trained_on:
            others = [kind == self.kind_of(clip.path) for clip, kind in labelled.clips(trained_on)]
            result["real_rate"] = sum(others) / len(others)
        by_kind = {kind: [hit for hit, of in zip(right, wanted) if of == kind] for kind in labelled.KINDS}
        return {**result, "generated": len(right), "recognised": sum(right), "rate": sum(right) / len(right),
                "by_kind": {kind: sum(hits) / len(hits) for kind, hits in by_kind.items() if hits}}

    def _pixels(self, file):
        return video.to_pixels(video.read(file, self.shape.height, self.shape.width, self.shape.fps))


def draw_sheet(file, real, generated, shape):
    """A row for each kind: frames of two real clips left, of two generated ones right."""
    clip_width, height = FRAMES * shape.width, shape.height + LABEL
    sheet = Image.new("RGB", (4 * clip_width + 5 * GAP, len(labelled.KINDS) * (height + GAP) + GAP), "white")
    pen = ImageDraw.Draw(sheet)
    for row, kind in enumerate(labelled.KINDS):
        top = GAP + row * (height + GAP)
        groups = ([clip.path for clip, of in real if of == kind][:2], [path for path, of in generated if of == kind][:2])
        for half, (what, files) in enumerate(zip(("real", "generated"), groups)):
            for number, path in enumerate(files):
                left = GAP + (2 * half + number) * (clip_width + GAP)
                pen.text((left, top), f"{kind}: {what}", fill="black")
                frames = video.read(path, shape.height, shape.width, shape.fps)
                for place in range(FRAMES):
                    picture = Image.fromarray(frames[(len(frames) - 1) * place // max(1, FRAMES - 1)])
                    sheet.paste(picture, (left + place * shape.width, top + LABEL))
    file.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(file)


def read_list(file):
    """(path, kind) of the list. A data error where a line is no clip or names a kind that there is none of."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise TrainerError("data", f"{file} cannot be read: {error.strerror}", file=file)
    found = []
    for number, line in enumerate(lines, 1):
        try:
            item = json.loads(line)
            found.append((Path(item["path"]), item["kind"]))
        except (ValueError, KeyError, TypeError):
            raise TrainerError("data", f"{file}, line {number} is not {{\"path\", \"kind\"}}", file=file)
        if found[-1][1] not in labelled.KINDS:
            raise TrainerError("data", f"{file}, line {number}: there is no kind {found[-1][1]}; there are {', '.join(labelled.KINDS)}", file=file)
    if not found:
        raise TrainerError("data", f"{file} names no clips", file=file)
    return found


if __name__ == "__main__":
    events.run(main)
