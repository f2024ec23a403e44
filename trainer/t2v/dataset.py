"""Latents and text embeddings in FastVideo's layout, and the order in which training meets them."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from .autoencoder import statistics
from .events import TrainerError


@dataclass
class Batch:
    """Scaled latents [B, C, T, H, W], text [B, L, dim], mask [B, L], pooled [B, pooled]."""

    latents: torch.Tensor
    text: torch.Tensor
    mask: torch.Tensor
    pooled: torch.Tensor

    def to(self, device):
        return Batch(*(value.to(device) for value in (self.latents, self.text, self.mask, self.pooled)))


class Samples:
    """The items of a videos2caption.json. Items longer than the configuration's latents give their last frames, as in FastVideo."""

    def __init__(self, listed, config):
        self.folder, self.config = Path(listed).parent, config
        try:
            self.items = json.loads(Path(listed).read_text(encoding="utf-8"))
        except OSError as error:
            raise TrainerError("data", f"{listed} cannot be read: {error.strerror}", hint="give the videos2caption.json that t2v.prepare wrote", file=listed)
        except ValueError as error:
            raise TrainerError("data", f"{listed} is not JSON: {error}", hint="prepare the data again", file=listed)
        fields = {"latent_path", "prompt_embed_path", "prompt_attention_mask"}
        if not isinstance(self.items, list) or not all(isinstance(item, dict) and fields <= set(item) for item in self.items):
            raise TrainerError("data", f"{listed} is no list of encoded clips", file=listed,
                               hint="give the videos2caption.json that t2v.prepare wrote, not the export's")
        if not self.items:
            raise TrainerError("data", f"{listed} lists no clips", hint="prepare an export that has accepted clips", file=listed)
        self.mean, self.std = statistics(config.autoencoder)

    def __len__(self):
        return len(self.items)

    def shape(self, number):
        """The stored latent's [C, T, H, W]."""
        latent, file = self._read("latent", self.items[number]["latent_path"])
        if latent.dim() != 4:
            raise TrainerError("geometry", f"{file} is {list(latent.shape)}, not [C, T, H, W]", hint="prepare the data again", file=file)
        return tuple(latent.shape)

    def __getitem__(self, number):
        item = self.items[number]
        latent, file = self._read("latent", item["latent_path"])
        channels, frames, height, width = self.config.latent_shape()
        if latent.dim() != 4 or latent.shape[0] != channels or latent.shape[1] < frames or tuple(latent.shape[2:]) != (height, width):
            raise TrainerError("geometry", f"{file} is {list(latent.shape)}, the model takes {[channels, frames, height, width]}", file=file,
                               hint="prepare the data with the model that is trained")
        latent = latent[:, -frames:].float()
        if not torch.isfinite(latent).all():
            raise TrainerError("data", f"{file} holds values that are not finite", hint="prepare the data again", file=file)
        embedding, file = self._read("prompt_embed", item["prompt_embed_path"])
        mask, _ = self._read("prompt_attention_mask", item["prompt_attention_mask"])
        net, length = self.config.transformer, self.config.text.length
        if not net.pooled_dim and tuple(embedding.shape) == (length, net.text_dim):
            # FastVideo writes no row 0 where the text encoder gives no pooled text.
            embedding = torch.nn.functional.pad(embedding, (0, 0, 1, 0))
        if tuple(embedding.shape) != (1 + length, net.text_dim) or tuple(mask.shape) != (length,):
            raise TrainerError("geometry", f"{file} is {list(embedding.shape)}, the model takes [1 + {length}, {net.text_dim}]", file=file,
                               hint="prepare the data with the model that is trained")
        embedding = embedding.float()
        if embedding[0, net.pooled_dim:].any():
            raise TrainerError("geometry", f"{file}: row 0 holds a pooled text of more numbers than the {net.pooled_dim} that the model takes", file=file,
                               hint="prepare the data with the model that is trained")
        return (latent - self.mean[0]) / self.std[0], embedding[1:], mask.bool(), embedding[0, :net.pooled_dim]

    def batch(self, numbers):
        return Batch(*(torch.stack(values) for values in zip(*(self[number] for number in numbers))))

    def _read(self, folder, name):
        file = self.folder / folder / name
        try:
            value = torch.load(file, map_location="cpu", weights_only=True)
            assert torch.is_tensor(value)
            return value, file
        except OSError as error:
            raise TrainerError("data", f"{file} cannot be read: {error.strerror or error}", hint="prepare the data again", file=file)
        except Exception as error:  # noqa: B902 - the unpickler raises whatever the bytes lead it to
            raise TrainerError("data", f"{file} is damaged: {type(error).__name__}", hint="prepare the data again", file=file)


def order(position, count, seed):
    """The item at a position of the endless sequence of shuffled epochs: a function of its arguments, so that a resumed run goes on alike."""
    epoch, within = divmod(position, count)
    return torch.randperm(count, generator=torch.Generator().manual_seed(seed * 1_000_003 + epoch))[within].item()


def generator(seed, position):
    """Noise, noise level and caption dropout of the sample at a position, whatever batch or rank it falls into."""
    return torch.Generator().manual_seed((seed * 1_000_003 + position) * 2 + 1)
