"""Fits the embedder and its head. Everything is seeded; the order of the floating-point sums still depends on the number of threads."""

import math
import random
import time

import torch
import torch.nn.functional as F

from .nets import TextClassifier, TextEmbedder, unit
from .rows import MEDICAL_SHARE

LONGEST = 128
UNKNOWN = 1
PRIOR = 0.3  # assumed share of medical rows among candidates that name a term
KEPT = 0.998


def batch(encoded):
    """Ids, mask and types of a list of token lists, padded to the longest."""
    longest = max(len(ids) for ids in encoded)
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in encoded])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in encoded])
    return ids, mask, torch.zeros_like(ids)


def noisy(row, random_):
    """Drops some tokens and hides others, so that no single word decides; [CLS] and [SEP] stay."""
    share = random_.choice((0.0, 0.0, 0.1, 0.25))
    kept = [UNKNOWN if random_.random() < share / 2 else token for token in row[1:-1] if random_.random() >= share / 2]
    return [row[0], *kept, row[-1]]


def batches(encoded, labels, size, random_):
    """Batches of rows of similar length, in random order."""
    order = sorted(range(len(encoded)), key=lambda i: (len(encoded[i]) + random_.random() * 8, i))
    groups = [order[at:at + size] for at in range(0, len(order), size)]
    random_.shuffle(groups)
    for group in groups:
        yield batch([noisy(encoded[i], random_) for i in group]), torch.tensor([float(labels[i]) for i in group])


def fit(draw, tokenizer, vocabulary, epochs, log, seed=7, size=64, rate=3e-3):
    """`draw(epoch)` gives the pairs (text, label) of an epoch: new rows each time."""
    torch.manual_seed(seed)
    random_ = random.Random(seed)
    embedder, head = TextEmbedder(vocabulary), TextClassifier()
    parameters = [*embedder.parameters(), *head.parameters()]
    mean = [value.detach().clone() for value in parameters]
    optimizer = torch.optim.AdamW(parameters, rate, weight_decay=0.02)
    schedule, started, step = None, time.monotonic(), 0
    for epoch in range(epochs):
        pairs = draw(epoch)
        encoded = [tokenizer.encode(text, LONGEST, random_, 0.2) for text, _ in pairs]
        labels = [label for _, label in pairs]
        schedule = schedule or torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * (-(-len(pairs) // size)), pct_start=0.1)
        embedder.train()
        total, right = 0.0, 0
        for inputs, truth in batches(encoded, labels, size, random_):
            logits = head(unit(embedder(*inputs)))
            # Smoothed labels keep the probabilities away from 0 and 1.
            loss = F.binary_cross_entropy_with_logits(logits, truth * 0.96 + 0.02)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            with torch.no_grad():
                # The weights that are kept are an average over the last steps: one lucky or unlucky batch does not decide.
                keep = min(KEPT, step / (step + 10))
                for average, value in zip(mean, parameters):
                    average.mul_(keep).add_(value, alpha=1 - keep)
            total += loss.item() * len(truth)
            right += ((logits > 0) == (truth > 0.5)).sum().item()
        log(f"  epoch {epoch + 1} of {epochs}: loss {total / len(pairs):.3f}, accuracy {right / len(pairs):.4f} on noisy training rows ({time.monotonic() - started:.0f} s)")
    with torch.no_grad():
        for average, value in zip(mean, parameters):
            value.copy_(average)
    expect_prior(head)
    return embedder.eval(), head.eval()


def expect_prior(head, prior=PRIOR, trained=MEDICAL_SHARE):
    """Moves the head from the share of medical rows that it was trained on to the one where it will be used."""
    with torch.no_grad():
        head.linear.bias.add_(math.log(prior / (1 - prior)) - math.log(trained / (1 - trained)))


def score(embedder, head, tokenizer, texts):
    """Probability of "medical" of each text."""
    scores = []
    with torch.no_grad():
        for at in range(0, len(texts), 64):
            inputs = batch([tokenizer.encode(text, LONGEST) for text in texts[at:at + 64]])
            scores += torch.sigmoid(head(unit(embedder(*inputs)))).tolist()
    return scores
