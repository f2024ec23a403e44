"""Fits the autoencoder to the frames of a dataset, and measures its latents."""

import dataclasses
import random

import numpy as np
import torch

from . import video as videos
from .autoencoder import Autoencoder

BATCH, SIDE, FRAMES = 8, 32, 9
RATE = 1e-3
NOISE = 0.05  # in standard deviations of a channel
COMPONENT_CLIPS = 32


def fit(config, frames, steps, seed, log):
    """An autoencoder of the configuration that reconstructs random crops; `frames` are uint8 [F, H, W, 3], one array a clip.

    Loss: mean absolute plus mean squared difference."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    model = Autoencoder(config.autoencoder)
    if config.autoencoder.linear:
        some = [draw.choice(frames)[:config.video.num_frames] for _ in range(COMPONENT_CLIPS)]
        model.set_components(videos.to_pixels(np.stack(some)))
    optimizer = torch.optim.AdamW(model.parameters(), RATE, betas=(0.9, 0.99), weight_decay=0)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.1)
    side, length = max(SIDE, config.autoencoder.spatial), 1 + (FRAMES - 1) // config.autoencoder.temporal * config.autoencoder.temporal
    for step in range(1, steps + 1):
        pixels = torch.stack([crop(draw.choice(frames), side, length, draw) for _ in range(BATCH)])
        latents = model.encode(pixels)
        # Sampling leaves errors in the latents; the decoder learns not to enlarge them.
        error = model.decode(latents + NOISE * latents.detach().std((0, 2, 3, 4), keepdim=True) * torch.randn_like(latents)) - pixels
        loss = error.abs().mean() + error.pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rates.step()
        if step % 25 == 0 or step == steps:
            log(step, loss.item())
    return model.eval()


def crop(clip, side, length, draw):
    """A random part of a clip, float32 [3, length, side, side], mirrored half of the time; short clips are read forwards and back."""
    frame, top, left = (draw.randint(0, max(0, size - part)) for size, part in zip(clip.shape[:3], (length, side, side)))
    part = clip[frame:frame + length, top:top + side, left:left + side]
    pixels = videos.to_pixels(part)
    while pixels.shape[1] < length:
        pixels = torch.cat([pixels, pixels.flip(1)[:, :length - pixels.shape[1]]], 1)
    return pixels.flip(3) if draw.random() < 0.5 else pixels


def measured(config, latents):
    """The configuration with mean and scale of the channels of latents [N, C, T, H, W].

    The scale is half way, geometrically, between a channel's deviation and that of all: principal components differ much, and what is
    large in the picture stays larger in what the transformer learns."""
    mean, std = latents.mean((0, 2, 3, 4)), latents.std((0, 2, 3, 4)).clamp(min=1e-3)
    scale = (std * std.pow(2).mean().sqrt()).sqrt()
    codec = dataclasses.replace(config.autoencoder, mean=tuple(mean.tolist()), std=tuple(scale.tolist()))
    return dataclasses.replace(config, autoencoder=codec)
