"""Fits the nets. Everything is seeded; the order of the floating-point sums still depends on the number of threads."""

import math
import time

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from .nets import EMBEDDING, ClipVision, FrameClassifier, FrameQuality
from .targets import aesthetic_score, dover_aesthetic_score, properties, technical_score
from .views import clip_tensor, dover_tensor

INSTANCES_PER_BATCH, FRAMES_PER_INSTANCE = 24, 4
AESTHETIC_CENTRE, AESTHETIC_SPREAD = 4.0, 8.0
HARDEST = 64  # pairs of frames of different kinds, of the about 8,000 of a batch
WITHIN, BETWEEN = 0.985, 0.3  # cosine wanted inside of a take (at least) and between kinds of scene (at most)


class Embedder(nn.Module):
    """The embedding with every head that reads it."""

    def __init__(self, kinds):
        super().__init__()
        self.vision = ClipVision()
        self.classifier = FrameClassifier()
        self.score = nn.Linear(EMBEDDING, 1)
        self.kind = nn.Linear(EMBEDDING, kinds, bias=False)
        self.fault = nn.Linear(EMBEDDING, 3, bias=False)

    def aesthetic(self, unit):
        """Score [N] of L2-normalised embeddings; learnt in units of its range."""
        return AESTHETIC_CENTRE + AESTHETIC_SPREAD * self.score(unit)[:, 0]

    def aesthetic_weights(self):
        """The same as one linear layer: weight [1, 768] and bias [1]."""
        with torch.no_grad():
            return AESTHETIC_SPREAD * self.score.weight, AESTHETIC_CENTRE + AESTHETIC_SPREAD * self.score.bias

    def forward(self, pixels):
        embedding = self.vision(pixels)
        unit = F.normalize(embedding)
        return unit, self.classifier(unit), self.aesthetic(unit), 12 * unit @ F.normalize(self.kind.weight).T, 12 * self.fault(unit)


def fit_embedder(samples, epochs, log=print):
    """Metric learning of the embedding together with the classifier and the aesthetic head."""
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    score = torch.tensor(aesthetic_score(samples.fault, samples.severity, properties(samples.clip)))
    model = Embedder(len(samples.kinds))
    groups = _groups(samples.instance)

    def batches():
        order = random.permutation(len(groups))
        for start in range(0, len(order) - INSTANCES_PER_BATCH + 1, INSTANCES_PER_BATCH):
            picked = [np.sort(random.choice(groups[g], FRAMES_PER_INSTANCE, False)) for g in order[start:start + INSTANCES_PER_BATCH]]
            yield np.concatenate(picked)

    def loss(index):
        unit, logits, aesthetic, kinds, faults = model(_jitter(samples.clip[index], random))
        kind, instance = torch.tensor(samples.kind[index]), torch.tensor(samples.instance[index])
        cosine = unit @ unit.T
        same = (instance[:, None] == instance[None]) & ~torch.eye(len(index), dtype=torch.bool)
        other = kind[:, None] != kind[None]
        apart = F.relu(cosine[other] - BETWEEN)
        together = F.relu(WITHIN - cosine[same])
        # Two kinds that look alike are a few pairs among thousands: the hardest ones count by themselves.
        hardest = apart.topk(HARDEST).values
        metric = 20 * (together ** 2).mean() + together.mean() + 4 * (apart ** 2).mean() + 1.5 * (hardest ** 2).mean()
        decided = F.cross_entropy(logits, torch.tensor(samples.medical[index])) + 0.5 * F.cross_entropy(kinds, kind) + F.cross_entropy(faults, torch.tensor(samples.fault[index]))
        return metric + decided + 3 * F.smooth_l1_loss(aesthetic, score[index], beta=0.1)

    _descend(model, loss, batches, epochs, len(groups) // INSTANCES_PER_BATCH, 3e-3, log)
    settle_aesthetic(model, samples, score, random)
    return model


def settle_aesthetic(model, samples, score, random, passes=3, ridge=0.1, noisy_weight=3):
    """Fits the aesthetic head anew on the finished embedding, by weighted ridge regression in closed form: descent leaves noise, whose band is
    the narrowest, the worst. The first pass sees the frames as they are, the others jittered."""
    frames = range(0, len(samples.clip), 96)
    with torch.no_grad():
        units = [F.normalize(model.vision(_jitter(samples.clip[i:i + 96], random) if n else clip_tensor(np.ascontiguousarray(samples.clip[i:i + 96]))))
                 for n in range(passes) for i in frames]
        x = torch.cat(units).double()
        x = torch.cat([x, torch.ones(len(x), 1)], 1)
        y = score.double().repeat(passes)
        weight = torch.tensor(np.where(samples.fault == 2, noisy_weight, 1.0)).repeat(passes)[:, None]
        penalty = ridge * torch.eye(x.shape[1], dtype=torch.float64)
        penalty[-1, -1] = 0
        solution = torch.linalg.solve(x.T @ (weight * x) + penalty, x.T @ (weight[:, 0] * y))
        model.score.weight.copy_(solution[None, :-1] / AESTHETIC_SPREAD)
        model.score.bias.copy_((solution[-1:] - AESTHETIC_CENTRE) / AESTHETIC_SPREAD)


def fit_quality(views, target, epochs, name, log=print):
    """Regression of one raw DOVER score from single frames of a view."""
    torch.manual_seed(2)
    random = np.random.default_rng(2)
    target = torch.tensor(target)
    model = FrameQuality(round(float(target.min() + target.max()) / 2, 3), round(float(target.max() - target.min()) / 2, 3))

    def batches():
        order = random.permutation(len(target))
        for start in range(0, len(order) - 95, 96):
            yield np.sort(order[start:start + 96])

    def loss(index):
        predicted = model(dover_tensor(np.ascontiguousarray(views[index])))[:, 0]
        return F.smooth_l1_loss((predicted - target[index]) / model.spread, torch.zeros(len(index)), beta=0.1)

    _descend(model, loss, batches, epochs, len(target) // 96, 3e-3, lambda line: log(f"  {name}{line}"))
    return model


def quality_targets(samples):
    """Targets of the technical and of the aesthetic branch."""
    traits = properties(samples.clip)
    return technical_score(samples.fault, samples.severity, traits), dover_aesthetic_score(samples.fault, samples.severity, traits)


def _descend(model, loss, batches, epochs, steps_per_epoch, rate, log):
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=1e-3)
    total, step, started = epochs * steps_per_epoch, 0, time.monotonic()
    for epoch in range(epochs):
        model.train()
        losses = []
        for index in batches():
            progress = step / total
            optimiser.param_groups[0]["lr"] = rate * min(1, (step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * min(1, progress)))
            optimiser.zero_grad()
            value = loss(index)
            value.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            losses.append(value.item())
            step += 1
        log(f"  epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}, {time.monotonic() - started:.0f} s")
    model.eval()


def _groups(instance):
    return [np.flatnonzero(instance == value) for value in np.unique(instance)]


def _jitter(views, random):
    """CLIP tensor of a batch after a common crop-and-stretch and small gains in brightness: other lenses, the same quality."""
    side = views.shape[1]
    height, width = random.integers(int(0.86 * side), side + 1, 2)
    top, left = random.integers(side - height + 1), random.integers(side - width + 1)
    rows = top + (np.arange(side) * height) // side
    columns = left + (np.arange(side) * width) // side
    gain = torch.tensor(random.uniform(0.93, 1.07, (len(views), 1, 1, 1)).astype(np.float32))
    return clip_tensor(views[:, rows[:, None], columns[None]]).mul_(gain)
