"""Exponential moving average of the trained parameters."""

from contextlib import contextmanager

import torch


class Ema:
    """average = d average + (1 - d) parameter after each step from `start` on, with d = min(decay, (1 + n) / (10 + n)) at the n-th update.

    Before `start` the average follows the parameters."""

    def __init__(self, parameters, decay, start=0):
        self.decay, self.start, self.updates = decay, start, 0
        self.average = {name: value.detach().float().clone() for name, value in parameters.items()}

    @torch.no_grad()
    def update(self, parameters, step):
        decay = 0.0
        if step >= self.start:
            self.updates += 1
            decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, value in parameters.items():
            self.average[name].lerp_(value.detach().float(), 1 - decay)

    @contextmanager
    def in_place_of(self, parameters):
        """The parameters hold the average inside of the block."""
        kept = {name: value.detach().clone() for name, value in parameters.items()}
        self._put(parameters, self.average)
        try:
            yield
        finally:
            self._put(parameters, kept)

    @staticmethod
    @torch.no_grad()
    def _put(parameters, values):
        for name, value in parameters.items():
            value.copy_(values[name])
