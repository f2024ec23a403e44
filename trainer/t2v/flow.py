"""Flow matching with straight paths (arXiv 2210.02747), as FastVideo trains HunyuanVideo, and Euler sampling with a timestep shift."""

import torch

TIMESTEPS = 1000


def sigma_of(u):
    """Noise level of u in [0, 1): the scheduler's 1000 levels, sigma = (1000 - floor(1000 u)) / 1000, in 0.001..1."""
    return (TIMESTEPS - torch.floor(TIMESTEPS * u).clamp(max=TIMESTEPS - 1)) / TIMESTEPS


def noisy(latents, noise, sigma):
    """x_sigma = (1 - sigma) x + sigma eps; sigma [B]."""
    sigma = sigma.view(-1, *[1] * (latents.dim() - 1))
    return (1 - sigma) * latents + sigma * noise


def target(latents, noise):
    """The velocity dx / dsigma of the path: eps - x."""
    return noise - latents


def schedule(steps, shift=7.0):
    """Noise levels [steps + 1] from 1 to 0: s -> shift s / (1 + (shift - 1) s) of equal distances."""
    sigma = torch.linspace(1, 0, steps + 1, dtype=torch.float64)
    return (shift * sigma / (1 + (shift - 1) * sigma)).float()


def euler(velocity, noise, steps, shift=7.0):
    """Integrates velocity(x, timestep in 0..1000) from noise to data: x += v dsigma."""
    x, levels = noise, schedule(steps, shift)
    for now, then in zip(levels, levels[1:]):
        x = x + velocity(x, now * TIMESTEPS) * (then - now)
    return x
