"""The text encoder: WordPiece tokens, a small transformer, the hidden states and their mean."""

import torch
from torch import nn
import torch.nn.functional as F

from text_pack.wordpiece import PAD, WordPiece

from .blocks import Attention, FeedForward, attend, joined


class TextBlock(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attn = Attention(dim, heads, norm=False)
        self.ff = FeedForward(dim, 4)

    def forward(self, x, mask):
        x = x + self.attn.to_out[0](joined(attend(*self.attn.project(self.norm1(x)), mask)))
        return x + self.ff(self.norm2(x))


class TextEncoder(nn.Module):
    """Token ids and mask [B, L] -> hidden states [B, L, dim], of which padding is zero, and their normalised mean [B, dim]."""

    def __init__(self, config, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, config.dim)
        # Small at first: a word that training never meets hardly changes a text.
        nn.init.normal_(self.tokens.weight, std=0.2)
        self.positions = nn.Parameter(0.1 * torch.randn(config.length, config.dim))
        self.blocks = nn.ModuleList([TextBlock(config.dim, config.heads) for _ in range(config.layers)])
        self.norm = nn.LayerNorm(config.dim)

    def forward(self, ids, mask):
        x = self.tokens(ids) + self.positions
        for block in self.blocks:
            x = block(x, mask)
        weight = mask.to(x.dtype)[:, :, None]
        x = self.norm(x) * weight
        pooled = x.sum(1) / weight.sum(1).clamp(min=1)
        return x, F.normalize(pooled, dim=1) * pooled.shape[1] ** 0.5


class Tokenizer:
    """Texts to ids [B, L] and mask [B, L]; what is longer is cut off."""

    def __init__(self, vocabulary, length):
        self.vocabulary, self.length = vocabulary, length
        self.pieces = WordPiece(vocabulary)

    def cut(self, text):
        """Whether a text is longer than the encoder reads."""
        return len(self.pieces.encode(text, 100_000)) > self.length

    def __call__(self, texts):
        rows = [self.pieces.encode(text, self.length) for text in texts]
        ids = torch.full((len(rows), self.length), self.pieces.ids[PAD])
        for line, row in zip(ids, rows):
            line[:len(row)] = torch.tensor(row)
        mask = torch.arange(self.length) < torch.tensor([len(row) for row in rows])[:, None]
        return ids, mask


def empty_text(config, count=1):
    """What stands for no caption: zeros, one token that counts. Text [B, L, dim], mask [B, L], pooled [B, pooled]."""
    mask = torch.zeros(count, config.text.length, dtype=torch.bool)
    mask[:, 0] = True
    return torch.zeros(count, config.text.length, config.transformer.text_dim), mask, torch.zeros(count, config.transformer.pooled_dim)


def read_vocabulary(file):
    return file.read_text(encoding="utf-8").split("\n")[:-1]
