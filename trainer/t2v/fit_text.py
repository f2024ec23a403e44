"""Fits the text encoder: from its pooled text a linear layer predicts a coarse picture of the clip's latents, or, where there is a corpus, the words
of the text."""

import random

import torch
from torch import nn
import torch.nn.functional as F

from . import source
from .text import TextEncoder

BATCH, RATE, GRID = 32, 2e-3, (1, 2, 3)


def fit(config, tokenizer, clips, pictures, steps, seed, log):
    """A text encoder; `pictures` [N, P] are the targets of `clips`, standardised. Texts are drawn anew each step."""
    def loss(predicted, ids, chosen):
        return F.mse_loss(predicted, pictures[chosen])
    return _fitted(config, tokenizer, [clip.captions for clip in clips], pictures.shape[1], loss, steps, seed, log)


def fit_words(config, tokenizer, corpus, steps, seed, log):
    """A text encoder that has met words and no picture: the cross-entropy of the pieces of each text is the loss, whatever their order."""
    size = len(tokenizer.vocabulary)

    def loss(predicted, ids, chosen):
        counts = F.one_hot(ids, size).sum(1).float()
        counts[:, tokenizer.padding] = 0
        return -(counts / counts.sum(1, keepdim=True) * F.log_softmax(predicted, 1)).sum(1).mean()
    return _fitted(config, tokenizer, [(text,) for text in corpus], size, loss, steps, seed, log)


def _fitted(config, tokenizer, captions, outputs, loss, steps, seed, log):
    torch.manual_seed(seed)
    draw = random.Random(seed)
    encoder = TextEncoder(config.text, len(tokenizer.vocabulary))
    head = nn.Linear(config.text.dim, outputs)
    parameters = [*encoder.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(parameters, RATE, weight_decay=0.05)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.1)
    for step in range(1, steps + 1):
        chosen = [draw.randrange(len(captions)) for _ in range(BATCH)]
        ids, mask = tokenizer([source.variant(captions[i], draw) for i in chosen])
        _, pooled = encoder(ids, mask)
        now = loss(head(pooled), ids, chosen)
        optimizer.zero_grad()
        now.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        rates.step()
        if step % 25 == 0 or step == steps:
            log(step, now.item())
    return encoder.eval()


def pictures(latents):
    """Targets [N, P] of latents [N, C, T, H, W]: means over a coarse grid, standardised over the N."""
    coarse = F.adaptive_avg_pool3d(latents, GRID).flatten(1)
    return (coarse - coarse.mean(0)) / (coarse.std(0, unbiased=False) + 1e-3)
