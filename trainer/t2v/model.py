"""A model's folder: a bundle with the transformer, and with LoRA weights where it was adapted. All that t2v.serve needs."""

import json
from pathlib import Path

from . import bundle, lora, weights
from .dit import DiT
from .events import TrainerError

TRANSFORMER, LORA, LORA_CONFIG = "transformer.safetensors", "pytorch_lora_weights.safetensors", "lora_config.json"


def load(folder, extra=None):
    """(transformer, bundle) of a model's folder, its own LoRA weights and those of the folder `extra` merged, ready to sample."""
    folder = Path(folder)
    parts = bundle.load(folder)
    transformer = load_transformer(parts.config, folder)
    for source in (folder, extra):
        if source is not None and ((Path(source) / LORA).exists() or source is extra):
            lora.merge(transformer, weights.read(Path(source) / LORA), lora_alpha(source))
    return transformer.eval().requires_grad_(False), parts


def load_transformer(config, folder):
    """The transformer of a model's or full checkpoint's folder, without LoRA."""
    transformer, file = DiT(config.transformer), Path(folder) / TRANSFORMER
    weights.put(transformer, weights.read(file), file)
    return transformer


def lora_alpha(folder):
    """Alpha beside LoRA weights, or None: the rank."""
    file = Path(folder) / LORA_CONFIG
    try:
        return json.loads(file.read_text(encoding="utf-8")).get("lora_alpha") if file.exists() else None
    except ValueError as error:
        raise TrainerError("data", f"{file} is not JSON: {error}", file=file)
