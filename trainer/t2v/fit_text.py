"""Fits the text encoder: from its pooled text a linear layer predicts a coarse picture of the clip's latents."""

import random

import torch
from torch import nn
import torch.nn.functional as F

from . import source
from .text import TextEncoder

BATCH, RATE, GRID = 32, 2e-3, (1, 2, 3)


def fit(config, tokenizer, clips, pictures, steps, seed, log):
    """A text encoder; `pictures` [N, P] are the targets of `clips`, standardised. Texts are drawn anew each step."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    encoder = TextEncoder(config.text, len(tokenizer.vocabulary))
    head = nn.Linear(config.text.dim, pictures.shape[1])
    parameters = [*encoder.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(parameters, RATE, weight_decay=0.05)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.1)
    for step in range(1, steps + 1):
        chosen = [draw.randrange(len(clips)) for _ in range(BATCH)]
        _, pooled = encoder(*tokenizer([source.variant(clips[i].captions, draw) for i in chosen]))
        loss = F.mse_loss(head(pooled), pictures[chosen])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        rates.step()
        if step % 25 == 0 or step == steps:
            log(step, loss.item())
    return encoder.eval()


def pictures(latents):
    """Targets [N, P] of latents [N, C, T, H, W]: means over a coarse grid, standardised over the N."""
    coarse = F.adaptive_avg_pool3d(latents, GRID).flatten(1)
    return (coarse - coarse.mean(0)) / (coarse.std(0, unbiased=False) + 1e-3)
