"""Reads an exported pack back into PyTorch: no ONNX runtime is needed to check it."""

import json

import onnx
import torch
from onnx import numpy_helper

from . import safetensors
from .export import PORTS
from .nets import ClipVision, FrameClassifier, FrameQuality, VideoQuality, fold


def load(folder):
    """The callable of each role: image_embeds, logits, aesthetic score [N] of unit vectors, scores of views."""
    head = safetensors.read(folder / PORTS["aesthetic"][0])
    weight, bias = (torch.tensor(head[f"layers.0.{name}"]) for name in ("weight", "bias"))
    roles = json.loads((folder / "reference.json").read_text())["roles"]
    quality = {role: _restored(VideoQuality(fold(FrameQuality(*roles[role]["scale"]))), folder, role) for role in ("dover-technical", "dover-aesthetic")}
    return {
        "clip-vision": _restored(fold(ClipVision()), folder, "clip-vision"),
        "frame-classifier": _restored(FrameClassifier(), folder, "frame-classifier"),
        "aesthetic": lambda unit: (unit @ weight.T + bias)[:, 0],
        **quality,
    }


def _restored(net, folder, role):
    # The names of the parameters survive the export.
    graph = onnx.load(folder / PORTS[role][0]).graph
    weights = {tensor.name: torch.tensor(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
    state = net.state_dict()
    net.load_state_dict({name: weights[name].reshape(state[name].shape) for name in state})
    return net.eval()
