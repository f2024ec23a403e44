"""A folder with a configuration, an autoencoder and a text encoder: what prepare writes beside its latents and what a model carries."""

import dataclasses
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch

from . import config as configs, weights
from .autoencoder import Autoencoder, statistics
from .events import TrainerError
from .text import TextEncoder, Tokenizer, empty_text, read_vocabulary

CONFIG, AUTOENCODER, TEXT, VOCABULARY = "config.json", "autoencoder.safetensors", "text_encoder.safetensors", "vocab.txt"
FILES = (CONFIG, AUTOENCODER, TEXT, VOCABULARY)
DEFAULT_VOCABULARY = Path(__file__).resolve().parents[2] / "models" / "demo" / VOCABULARY


@dataclass
class Bundle:
    config: configs.Config
    autoencoder: Autoencoder
    tokenizer: Tokenizer
    encoder: TextEncoder

    @torch.no_grad()
    def texts(self, texts):
        """Embeddings [B, L, dim], mask [B, L] and pooled [B, pooled] of texts; an empty text is no caption."""
        ids, mask = self.tokenizer(texts)
        hidden, pooled = self.encoder(ids, mask)
        absent = torch.tensor([not text.strip() for text in texts])
        nothing = empty_text(self.config, len(texts))
        return tuple(torch.where(absent.view(-1, *[1] * (value.dim() - 1)), none, value) for value, none in zip((hidden, mask, pooled), nothing))

    @torch.no_grad()
    def encode(self, pixels):
        """Pixels [B, 3, F, H, W] in -1..1 -> unscaled latents [B, C, T, H, W]."""
        return self.autoencoder.encode(pixels)

    @torch.no_grad()
    def pixels(self, latents):
        """Scaled latents [B, C, T, H, W] -> pixels in -1..1."""
        mean, std = statistics(self.config.autoencoder, latents.device)
        return self.autoencoder.decode(latents.float() * std + mean)

    def save(self, folder):
        configs.save(self.config, folder / CONFIG)
        weights.write(folder / AUTOENCODER, self.autoencoder.state_dict())
        weights.write(folder / TEXT, self.encoder.state_dict())
        (folder / VOCABULARY).write_text("".join(f"{piece}\n" for piece in self.tokenizer.vocabulary), encoding="utf-8")


def load(folder):
    """A bundle; errors name the file that is missing, damaged or of another geometry."""
    folder = Path(folder)
    for name in FILES:
        if not (folder / name).is_file():
            raise TrainerError("data", f"{folder} lacks {name}: it is no folder of t2v.prepare or of a trained model", file=folder / name,
                               hint="run python3 -m t2v.prepare, or give the folder named by the done event of t2v.train")
    config = read_config(folder / CONFIG)
    autoencoder = Autoencoder(config.autoencoder)
    weights.put(autoencoder, weights.read(folder / AUTOENCODER), folder / AUTOENCODER)
    tokenizer = Tokenizer(read_vocabulary(folder / VOCABULARY), config.text.length)
    encoder = TextEncoder(config.text, len(tokenizer.vocabulary))
    weights.put(encoder, weights.read(folder / TEXT), folder / TEXT)
    return Bundle(config, autoencoder.eval(), tokenizer, encoder.eval())


def read_config(file):
    try:
        return configs.from_json(json.loads(file.read_text(encoding="utf-8")), file).check()
    except ValueError as error:
        raise TrainerError("data", f"{file} is not JSON: {error}", file=file)


def copy(source, target, config):
    """Copies a bundle's files; the configuration may have been completed since."""
    for name in FILES[1:]:
        shutil.copyfile(Path(source) / name, Path(target) / name)
    configs.save(config, Path(target) / CONFIG)


def same_geometry(one, other):
    """What two configurations must share for latents, embeddings and weights of one to fit the other; None if they do, else what differs."""
    for part in ("transformer", "autoencoder", "text"):
        for field in dataclasses.fields(getattr(one, part)):
            a, b = (getattr(getattr(config, part), field.name) for config in (one, other))
            if a != b:
                return f"{part}.{field.name} is {a} in one and {b} in the other"
    return None
