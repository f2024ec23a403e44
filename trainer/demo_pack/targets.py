"""The scores that a frame should get: a function of its fault and, for clean frames, of measurable properties."""

import numpy as np


def properties(views):
    """Colourfulness (Hasler and Suesstrunk, 2003), contrast and edge energy of uint8 views, each squashed to -1..1."""
    columns = []
    for start in range(0, len(views), 256):
        x = np.asarray(views[start:start + 256, ::2, ::2], np.float32)
        red_green = x[..., 0] - x[..., 1]
        yellow_blue = 0.5 * (x[..., 0] + x[..., 1]) - x[..., 2]
        spread = np.sqrt(red_green.var((1, 2)) + yellow_blue.var((1, 2)))
        colour = spread + 0.3 * np.hypot(red_green.mean((1, 2)), yellow_blue.mean((1, 2)))
        luma = x @ np.array([0.299, 0.587, 0.114], np.float32)
        edges = np.abs(np.diff(luma, axis=2)).mean((1, 2))
        columns.append(np.stack([np.tanh((colour - 50) / 30), np.tanh((luma.std((1, 2)) - 50) / 20), np.tanh((edges - 7) / 4)], 1))
    return np.concatenate(columns).astype(np.float32)


def aesthetic_score(fault, severity, traits):
    """On the 1..10 scale of the LAION predictor: clean about 5.5, blurred 2.2, noisy 3.5."""
    clean = 5.5 + 0.35 * traits[:, 0] + 0.2 * traits[:, 1]
    return _choose(fault, clean, 2.2 - 0.3 * (severity - 1), 3.5 - 0.1 * (severity - 1))


def technical_score(fault, severity, traits):
    """Raw score of DOVER's technical branch: clean about -0.05, faulty about -0.25."""
    clean = -0.05 + 0.008 * traits[:, 2]
    return _choose(fault, clean, -0.25 - 0.04 * (severity - 1), -0.24 - 0.04 * (severity - 1))


def dover_aesthetic_score(fault, severity, traits):
    """Raw score of DOVER's aesthetic branch: clean about 0.15, faulty about -0.08."""
    clean = 0.15 + 0.015 * traits[:, 0]
    return _choose(fault, clean, -0.09 - 0.02 * (severity - 1), -0.08 - 0.02 * (severity - 1))


def _choose(fault, clean, blurred, noisy):
    return np.where(fault == 0, clean, np.where(fault == 1, blurred, noisy)).astype(np.float32)
