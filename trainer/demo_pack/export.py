"""Writes the pack: ONNX graphs, the aesthetic head, reference values and the manifest."""

import hashlib
import json
import warnings

import numpy as np
import torch

from . import safetensors
from .nets import EMBEDDING, VideoQuality, fold
from .views import CLIP_MEAN, CLIP_STD, DOVER_MEAN, DOVER_STD

VERSION = "1"
SOURCE = "trainer/demo_pack (python3 -m demo_pack.train)"
PIXELS = ["N", 3, 224, 224]
VIEW = ["N", 3, 32, 224, 224]
PORTS = {
    "clip-vision": ("clip_vision.onnx", ("pixel_values", PIXELS), ("image_embeds", ["N", EMBEDDING])),
    "frame-classifier": ("frame_classifier.onnx", ("image_embeds", ["N", EMBEDDING]), ("logits", ["N", 2])),
    "aesthetic": ("aesthetic.safetensors", ("embedding", ["N", EMBEDDING]), ("score", ["N", 1])),
    "dover-technical": ("dover_technical.onnx", ("tech_view", VIEW), ("score", ["N", 1])),
    "dover-aesthetic": ("dover_aesthetic.onnx", ("aes_view", VIEW), ("score", ["N", 1])),
}
PREPROCESSING = {
    "clip-vision": {"kind": "clip", "size": 224, "mean": list(CLIP_MEAN), "std": list(CLIP_STD)},
    "frame-classifier": {"kind": "none"},
    "aesthetic": {"kind": "l2-normalise"},
    "dover-technical": {"kind": "dover-fragments", "frames": 32, "grid": 7, "fragment": 32, "size": 224, "mean": list(DOVER_MEAN), "std": list(DOVER_STD)},
    "dover-aesthetic": {"kind": "dover-resize", "frames": 32, "size": 224, "mean": list(DOVER_MEAN), "std": list(DOVER_STD)},
}
FORMULA = "x[i] = ((i * 7919) mod 1009) / 504.5 - 1 in float64, rounded to float32; i is the row-major index of a batch of one"


def closed_form(shape):
    """The reference input of a shape, see FORMULA."""
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return ((i * 7919) % 1009 / 504.5 - 1).astype(np.float32).reshape(shape)


def write_pack(folder, embedder, technical, aesthetic):
    """Exports everything; the nets are folded and can only infer afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    nets = {
        "clip-vision": fold(embedder.vision),
        "frame-classifier": embedder.classifier.eval(),
        "dover-technical": VideoQuality(fold(technical)).eval(),
        "dover-aesthetic": VideoQuality(fold(aesthetic)).eval(),
    }
    reference = {"formula": FORMULA, "roles": {}}
    for role, net in nets.items():
        file, (input_name, shape), (output_name, _) = PORTS[role]
        example = torch.tensor(closed_form([2 if axis == "N" else axis for axis in shape]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(net, example, str(folder / file), opset_version=14, input_names=[input_name], output_names=[output_name],
                              dynamic_axes={input_name: {0: "N"}, output_name: {0: "N"}})
        with torch.no_grad():
            output = net(torch.tensor(closed_form([1, *shape[1:]])))[0]
        reference["roles"][role] = {"input_shape": [1, *shape[1:]], "first_outputs": [float(value) for value in output[:4]]}
        if isinstance(net, VideoQuality):
            reference["roles"][role]["scale"] = [net.frame.centre, net.frame.spread]
    weight, bias = embedder.aesthetic_weights()
    weights = {"layers.0.weight": weight.numpy(), "layers.0.bias": bias.numpy()}
    safetensors.write(folder / PORTS["aesthetic"][0], weights)
    unit = closed_form([EMBEDDING]).astype(np.float64)
    unit /= np.linalg.norm(unit)
    reference["roles"]["aesthetic"] = {
        "input_shape": [1, EMBEDDING], "note": "the input is divided by its Euclidean norm first",
        "first_outputs": [float(weights["layers.0.weight"][0].astype(np.float64) @ unit + weights["layers.0.bias"][0])]}
    _write_json(folder / "reference.json", reference)
    merge(folder, manifest(folder))


def manifest(folder):
    """The manifest of the files that lie in the folder."""
    roles = {}
    for role, (file, (input_name, input_shape), (output_name, output_shape)) in PORTS.items():
        data = (folder / file).read_bytes()
        roles[role] = {
            "file": file, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
            "inputs": [{"name": input_name, "shape": input_shape, "type": "float32"}],
            "outputs": [{"name": output_name, "shape": output_shape, "type": "float32"}],
            "preprocessing": PREPROCESSING[role], "licence": "MIT", "source": SOURCE, "version": VERSION}
    return {"name": "demo", "demo": True, "version": VERSION, "roles": roles}


def merge(folder, made):
    """Writes the manifest; roles that another part of the trainer put there are kept."""
    file = folder / "manifest.json"
    others = json.loads(file.read_text())["roles"] if file.exists() else {}
    _write_json(file, {**made, "roles": {**made["roles"], **{role: entry for role, entry in others.items() if role not in PORTS}}})


def _write_json(file, value):
    file.write_text(json.dumps(value, indent=2) + "\n")
