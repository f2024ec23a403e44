"""The blocks of the transformer. Modules bear the names that diffusers gives them, so that weights and LoRA files fit either."""

import torch
from torch import nn
import torch.nn.functional as F

from .rotary import rotate


class RMSNorm(nn.Module):
    """x / sqrt(mean(x^2) + eps) * weight over the last axis, in float32."""

    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.eps)).to(x.dtype) * self.weight.to(x.dtype)


def attend(query, key, value, mask=None):
    """softmax(q k^T / sqrt(d)) v over [B, heads, N, d]; `mask` [B, N] is true at keys that count."""
    bias = None if mask is None else torch.zeros_like(mask, dtype=query.dtype).masked_fill(~mask, -1e4)[:, None, None]
    if hasattr(F, "scaled_dot_product_attention") and query.is_cuda:
        return F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
    scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
    return (scores if bias is None else scores + bias).softmax(-1) @ value


def heads_of(x, heads):
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def joined(x):
    return x.transpose(1, 2).flatten(2)


class Attention(nn.Module):
    """Projections of one stream, and of the text's beside it where `text` is true. Without `out` the caller projects."""

    def __init__(self, dim, heads, norm=True, out=True, text=False):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v = (nn.Linear(dim, dim) for _ in range(3))
        if norm:
            self.norm_q, self.norm_k = RMSNorm(dim // heads), RMSNorm(dim // heads)
        if out:
            self.to_out = nn.ModuleList([nn.Linear(dim, dim)])
        if text:
            self.add_q_proj, self.add_k_proj, self.add_v_proj, self.to_add_out = (nn.Linear(dim, dim) for _ in range(4))
            self.norm_added_q, self.norm_added_k = RMSNorm(dim // heads), RMSNorm(dim // heads)

    def project(self, x):
        query, key, value = (heads_of(projection(x), self.heads) for projection in (self.to_q, self.to_k, self.to_v))
        return (self.norm_q(query), self.norm_k(key), value) if hasattr(self, "norm_q") else (query, key, value)

    def project_text(self, x):
        query, key, value = (heads_of(projection(x), self.heads) for projection in (self.add_q_proj, self.add_k_proj, self.add_v_proj))
        return self.norm_added_q(query), self.norm_added_k(key), value


class Activated(nn.Module):
    """A linear layer and its activation."""

    def __init__(self, dim, inner, activation):
        super().__init__()
        self.proj = nn.Linear(dim, inner)
        self.activation = activation

    def forward(self, x):
        return self.activation(self.proj(x))


def gelu(x):
    return F.gelu(x, approximate="tanh")


class FeedForward(nn.Module):
    def __init__(self, dim, ratio, activation=gelu):
        super().__init__()
        self.net = nn.ModuleList([Activated(dim, ratio * dim, activation), nn.Identity(), nn.Linear(ratio * dim, dim)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class Modulation(nn.Module):
    """`parts` vectors [B, 1, dim] from the conditioning; zero at first, so that a block begins as the identity (DiT, arXiv 2212.09748)."""

    def __init__(self, dim, parts):
        super().__init__()
        self.parts = parts
        self.linear = nn.Linear(dim, parts * dim)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, conditioning):
        return self.linear(F.silu(conditioning))[:, None].chunk(self.parts, -1)


def modulated(x, shift, scale):
    """Layer norm without weights, then scale and shift."""
    return F.layer_norm(x, (int(x.shape[-1]),), eps=1e-6) * (1 + scale) + shift


class DoubleStreamBlock(nn.Module):
    """Video and text keep their own weights and meet in one attention (MM-DiT, arXiv 2403.03206)."""

    def __init__(self, dim, heads, ratio):
        super().__init__()
        self.norm1, self.norm1_context = Modulation(dim, 6), Modulation(dim, 6)
        self.attn = Attention(dim, heads, text=True)
        self.ff, self.ff_context = FeedForward(dim, ratio), FeedForward(dim, ratio)

    def forward(self, video, text, conditioning, angle, mask):
        shift, scale, gate, shift_ff, scale_ff, gate_ff = self.norm1(conditioning)
        shift_t, scale_t, gate_t, shift_ff_t, scale_ff_t, gate_ff_t = self.norm1_context(conditioning)
        query, key, value = self.attn.project(modulated(video, shift, scale))
        query_t, key_t, value_t = self.attn.project_text(modulated(text, shift_t, scale_t))
        mixed = joined(attend(
            torch.cat([rotate(query, angle), query_t], 2), torch.cat([rotate(key, angle), key_t], 2), torch.cat([value, value_t], 2), mask))
        of_video, of_text = mixed.split([video.shape[1], text.shape[1]], 1)
        video = video + gate * self.attn.to_out[0](of_video)
        text = text + gate_t * self.attn.to_add_out(of_text)
        video = video + gate_ff * self.ff(modulated(video, shift_ff, scale_ff))
        text = text + gate_ff_t * self.ff_context(modulated(text, shift_ff_t, scale_ff_t))
        return video, text


class SingleStreamBlock(nn.Module):
    """Video and text as one sequence; attention and feed-forward side by side (arXiv 2302.05442)."""

    def __init__(self, dim, heads, ratio):
        super().__init__()
        self.norm = Modulation(dim, 3)
        self.attn = Attention(dim, heads, out=False)
        self.proj_mlp = nn.Linear(dim, ratio * dim)
        self.proj_out = nn.Linear((1 + ratio) * dim, dim)

    def forward(self, video, text, conditioning, angle, mask):
        shift, scale, gate = self.norm(conditioning)
        both = torch.cat([video, text], 1)
        x = modulated(both, shift, scale)
        (query, key, value), tokens = self.attn.project(x), video.shape[1]
        query, key = (torch.cat([rotate(part[:, :, :tokens], angle), part[:, :, tokens:]], 2) for part in (query, key))
        mixed = joined(attend(query, key, value, mask))
        both = both + gate * self.proj_out(torch.cat([mixed, gelu(self.proj_mlp(x))], 2))
        return both.split([tokens, text.shape[1]], 1)
