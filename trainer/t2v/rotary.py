"""Rotary positions over time, height and width (RoFormer, arXiv 2104.09864; three axes as in HunyuanVideo, arXiv 2412.03603)."""

import torch


def frequencies(dim, theta):
    """The angles by position of one axis, radians [dim / 2]: theta^(-2i / dim)."""
    return theta ** (-torch.arange(0, dim, 2, dtype=torch.float64) / dim)


def angles(grid, axes, theta):
    """Angles [T * H * W, sum(axes) / 2] of a grid (T, H, W) of tokens in row-major order; each axis turns its own part of a head."""
    positions = torch.meshgrid(*(torch.arange(length, dtype=torch.float64) for length in grid), indexing="ij")
    parts = [torch.outer(position.flatten(), frequencies(dim, theta)) for position, dim in zip(positions, axes)]
    return torch.cat(parts, 1).float()


def rotate(x, angle):
    """Turns the pairs (x[2i], x[2i+1]) of a head [..., N, D] by the angles [N, D / 2], in float32."""
    cos, sin = angle.cos(), angle.sin()
    even, odd = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2).to(x.dtype)
