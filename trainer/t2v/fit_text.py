"""Fits the text encoder: from its pooled text a linear layer predicts a coarse picture of the clip's latents."""

import random

import torch
from torch import nn
import torch.nn.functional as F

from . import source
from .text import TextEncoder

BATCH, RATE, GRID = 32, 2e-3, (1, 2, 3)
PAIRS, TEMPERATURE, HIDDEN_WORDS = 48, 0.1, 0.3  # of texts without pictures: in a batch, of their likeness, share of words that is left out


def fit(config, tokenizer, clips, pictures, steps, seed, log, corpus=()):
    """A text encoder; `pictures` [N, P] are the targets of `clips`, standardised. Texts are drawn anew each step.

    `corpus` has texts without pictures. Two halves of one text are to be more alike than halves of different ones (InfoNCE, arXiv 1807.03748),
    so that the encoder tells subjects apart of which it never saw a picture, as a large language model does."""
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
        if corpus:
            pairs = [halves(text, draw) for text in draw.sample(corpus, min(PAIRS, len(corpus)))]
            loss = loss + contrast(*(encoder(*tokenizer(texts))[1] for texts in zip(*pairs)))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        rates.step()
        if step % 25 == 0 or step == steps:
            log(step, loss.item())
    return encoder.eval()


def halves(text, draw):
    """Two parts of a text without a sentence, of one sentence without a word, in common; some words are left out of both."""
    parts = source.SENTENCE.split(text)
    parts = parts if len(parts) > 1 else text.split()
    draw.shuffle(parts)
    cut = draw.randint(1, max(1, len(parts) - 1))
    return tuple(_thinned(" ".join(part), draw) for part in (parts[:cut], parts[cut:] or parts))


def _thinned(text, draw):
    return " ".join(word for word in text.split() if draw.random() >= HIDDEN_WORDS) or text


def contrast(one, other):
    """InfoNCE of texts [B, dim]: the cross-entropy of finding row i of `other` for row i of `one` by cosine similarity, and the other way round."""
    likeness = F.normalize(one, dim=1) @ F.normalize(other, dim=1).T / TEMPERATURE
    right = torch.arange(len(one), device=one.device)
    return (F.cross_entropy(likeness, right) + F.cross_entropy(likeness.T, right)) / 2


def pictures(latents):
    """Targets [N, P] of latents [N, C, T, H, W]: means over a coarse grid, standardised over the N."""
    coarse = F.adaptive_avg_pool3d(latents, GRID).flatten(1)
    return (coarse - coarse.mean(0)) / (coarse.std(0, unbiased=False) + 1e-3)
