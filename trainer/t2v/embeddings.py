"""Embeddings of the timestep, the guidance scale and the text."""

import math

import torch
from torch import nn
import torch.nn.functional as F

from .blocks import Attention, FeedForward, Modulation, attend, joined

FREQUENCIES = 256


def sinusoid(x, dim=FREQUENCIES, max_period=10000.0):
    """[B] -> [B, dim]: cosines, then sines, of x times max_period^(-i / (dim / 2))."""
    angle = x.float()[:, None] * torch.exp(-math.log(max_period) * torch.arange(dim // 2, device=x.device, dtype=torch.float32) / (dim // 2))
    return torch.cat([angle.cos(), angle.sin()], 1)


class Embedder(nn.Module):
    """Two linear layers with SiLU between."""

    def __init__(self, inputs, dim):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(inputs, dim), nn.Linear(dim, dim)

    def forward(self, x):
        return self.linear_2(F.silu(self.linear_1(x.to(self.linear_1.weight.dtype))))


class Conditioning(nn.Module):
    """Timestep + guidance (where it is embedded) + pooled text -> [B, dim]. Timestep and guidance are in units of 1/1000."""

    def __init__(self, dim, text_dim, guidance):
        super().__init__()
        self.timestep_embedder = Embedder(FREQUENCIES, dim)
        if guidance:
            self.guidance_embedder = Embedder(FREQUENCIES, dim)
        self.text_embedder = Embedder(text_dim, dim)

    def forward(self, timestep, pooled, guidance=None):
        sum_ = self.timestep_embedder(sinusoid(timestep)) + self.text_embedder(pooled)
        return sum_ + self.guidance_embedder(sinusoid(guidance)) if hasattr(self, "guidance_embedder") else sum_


class RefinerBlock(nn.Module):
    """A transformer block over the text whose branches are gated by the conditioning."""

    def __init__(self, dim, heads, ratio):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=1e-6), nn.LayerNorm(dim, eps=1e-6)
        self.attn = Attention(dim, heads, norm=False)
        self.ff = FeedForward(dim, ratio, F.silu)
        self.norm_out = Modulation(dim, 2)

    def forward(self, x, conditioning, mask):
        gate, gate_ff = self.norm_out(conditioning)
        x = x + gate * self.attn.to_out[0](joined(attend(*self.attn.project(self.norm1(x)), mask)))
        return x + gate_ff * self.ff(self.norm2(x))


class RefinerBlocks(nn.Module):
    def __init__(self, dim, heads, ratio, blocks):
        super().__init__()
        self.refiner_blocks = nn.ModuleList([RefinerBlock(dim, heads, ratio) for _ in range(blocks)])


class TokenRefiner(nn.Module):
    """Text embeddings [B, L, text_dim] -> [B, L, dim], conditioned on the timestep and the mean of the text (HunyuanVideo)."""

    def __init__(self, dim, heads, ratio, blocks, text_dim):
        super().__init__()
        self.time_text_embed = Conditioning(dim, text_dim, guidance=False)
        self.proj_in = nn.Linear(text_dim, dim)
        self.token_refiner = RefinerBlocks(dim, heads, ratio, blocks)

    def forward(self, text, timestep, mask):
        weight = mask.to(text.dtype)[:, :, None]
        conditioning = self.time_text_embed(timestep, (text * weight).sum(1) / weight.sum(1).clamp(min=1))
        x = self.proj_in(text)
        for block in self.token_refiner.refiner_blocks:
            x = block(x, conditioning, mask)
        return x
