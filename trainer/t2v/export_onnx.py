"""A model as a pack of ONNX files for another runtime: `python3 -m t2v.export_onnx --model MODEL [--lora LORA] --output_dir PACK`.

Three roles: `text-to-video-text` (token ids -> text), `text-to-video` (one velocity of the transformer, LoRA merged) and
`text-to-video-decoder` (latents -> pixels). The frames' shape is fixed, the batch is free. `reference.json` has inputs in closed form with the
first outputs that PyTorch gives, so that a runtime can be held against it; agreement within 1e-4 of the largest output is to be expected."""

import hashlib
import json
import warnings
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from torch import nn

from demo_pack.export import FORMULA, closed_form

from . import VERSION, bundle, events, model as models
from .events import emit
from .options import Parser

OPSET = 14
TOLERANCE = 1e-4
SHOWN = 8


class Text(nn.Module):
    """Ids and mask int64 [N, L] -> hidden states float32 [N, L, dim] and pooled [N, dim]."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask):
        return self.encoder(input_ids, attention_mask > 0)


class Velocity(nn.Module):
    """The transformer with an int64 mask [N, L]; timestep and guidance [N] count 0..1000."""

    def __init__(self, transformer):
        super().__init__()
        self.transformer = transformer

    def forward(self, latents, timestep, text, attention_mask, pooled, guidance):
        return self.transformer(latents, timestep, text, attention_mask > 0, pooled, guidance)


class Pixels(nn.Module):
    """Scaled latents float32 [N, C, T, H, W] -> pixels float32 [N, 3, F, H, W], about -1..1."""

    def __init__(self, parts):
        super().__init__()
        self.autoencoder = parts.autoencoder
        mean, std = bundle.statistics(parts.config.autoencoder)
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)

    def forward(self, latents):
        return self.autoencoder.decode(latents * self.std + self.mean)


def parser():
    options = Parser(__doc__)
    options.prog_module = "t2v.export_onnx"
    options.add_argument("--model", type=Path, required=True)
    options.add_argument("--lora", type=Path)
    options.add_argument("--output_dir", type=Path, required=True)
    return options


def main(arguments):
    options = parser().read(arguments)
    transformer, parts = models.load(options.model, options.lora)
    config, folder = parts.config, options.output_dir
    folder.mkdir(parents=True, exist_ok=True)
    length, dim, pooled = config.text.length, config.transformer.text_dim, config.transformer.pooled_dim
    latents = ["N", *config.latent_shape()]
    vocabulary = len(parts.tokenizer.vocabulary)
    roles = {
        "text-to-video-text": (Text(parts.encoder), {"input_ids": (["N", length], "int64"), "attention_mask": (["N", length], "int64")},
                               {"text": ["N", length, config.text.dim], "pooled": ["N", config.text.dim]}),
        "text-to-video": (Velocity(transformer), {
            "latents": (latents, "float32"), "timestep": (["N"], "float32"), "text": (["N", length, dim], "float32"), "attention_mask": (["N", length], "int64"),
            "pooled": (["N", pooled], "float32"), "guidance": (["N"], "float32")}, {"velocity": latents}),
        "text-to-video-decoder": (Pixels(parts), {"latents": (latents, "float32")},
                                  {"pixels": ["N", 3, config.video.num_frames, config.video.height, config.video.width]}),
    }
    (folder / bundle.VOCABULARY).write_bytes((options.model / bundle.VOCABULARY).read_bytes())
    (folder / bundle.CONFIG).write_bytes((options.model / bundle.CONFIG).read_bytes())
    entries, reference = {}, {"formula": FORMULA, "tolerance": TOLERANCE, "roles": {}}
    for role, (net, inputs, outputs) in roles.items():
        file = folder / f"{role.replace('-', '_')}.onnx"
        reference["roles"][role] = write(net.eval(), file, inputs, outputs, vocabulary)
        entries[role] = {
            **of(file), "inputs": [{"name": name, "shape": shape, "type": kind} for name, (shape, kind) in inputs.items()],
            "outputs": [{"name": name, "shape": shape, "type": "float32"} for name, shape in outputs.items()],
            "extra": [of(folder / bundle.VOCABULARY), of(folder / bundle.CONFIG)] if role == "text-to-video-text" else [],
            "licence": "that of the training data and of the base model", "source": "trainer/t2v (python3 -m t2v.export_onnx)", "version": VERSION}
    write_json(folder / "reference.json", reference)
    write_json(folder / "manifest.json", {"name": options.model.name, "demo": config.name == "tiny", "version": VERSION, "roles": entries})
    emit("exported", path=folder, roles=list(entries))


@torch.no_grad()
def write(net, file, inputs, outputs, vocabulary):
    """Exports one net; returns its reference."""
    values = {name: example(name, [2 if axis == "N" else axis for axis in shape], kind, vocabulary) for name, (shape, kind) in inputs.items()}
    with warnings.catch_warnings(), mock.patch.multiple(torch.Tensor, unflatten=unflatten, repeat_interleave=repeat_interleave):
        # Shapes of this model become constants; they are meant to.
        warnings.simplefilter("ignore")
        torch.onnx.export(net, tuple(values.values()), str(file), opset_version=OPSET, input_names=list(inputs), output_names=list(outputs),
                          dynamic_axes={name: {0: "N"} for name in (*inputs, *outputs)})
    given = {name: example(name, [1 if axis == "N" else axis for axis in shape], kind, vocabulary) for name, (shape, kind) in inputs.items()}
    found = net(*given.values())
    found = found if isinstance(found, tuple) else (found,)
    return {"inputs": {name: {"shape": list(value.shape), "kind": kind_of(name)} for name, value in given.items()},
            "outputs": {name: {"shape": list(value.shape), "largest": value.abs().max().item(), "first": value.flatten()[:SHOWN].tolist(), "mean": value.double().mean().item()}
                        for name, value in zip(outputs, found)}}


def unflatten(x, dim, sizes):
    """What Tensor.unflatten does, in an operation that the exporter of every PyTorch knows."""
    dim %= x.dim()
    return x.reshape(*x.shape[:dim], *sizes, *x.shape[dim + 1:])


def repeat_interleave(x, times, dim):
    """What Tensor.repeat_interleave does; the exporter of PyTorch 1.13 splits a wrong axis in its place."""
    return torch.stack([x] * times, dim + 1).flatten(dim, dim + 1)


def kind_of(name):
    """How `example` fills an input."""
    return {"input_ids": "ids", "attention_mask": "mask", "timestep": "500", "guidance": "1000"}.get(name, "formula")


def example(name, shape, kind, vocabulary):
    """formula: FORMULA for each item of the batch; ids: (7919 i) mod the vocabulary; mask: ones in the first half; a number: that number."""
    how, size = kind_of(name), int(np.prod(shape[1:]))
    if how == "ids":
        row = torch.arange(size) * 7919 % vocabulary
    elif how == "mask":
        row = (torch.arange(size) < (size + 1) // 2).long()
    elif how == "formula":
        row = torch.from_numpy(closed_form([size]))
    else:
        return torch.full(shape, float(how))
    return row.expand(shape[0], -1).reshape(shape).contiguous()


def of(file):
    data = file.read_bytes()
    return {"file": file.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def write_json(file, value):
    file.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    events.run(main)
