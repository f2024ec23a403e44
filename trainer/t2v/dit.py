"""The diffusion transformer: predicts the velocity of latents from noisy latents, a timestep and a text."""

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from .blocks import DoubleStreamBlock, Modulation, SingleStreamBlock, modulated
from .embeddings import Conditioning, TokenRefiner
from .rotary import angles


class PatchEmbed(nn.Module):
    def __init__(self, channels, dim, patch):
        super().__init__()
        self.proj = nn.Conv3d(channels, dim, patch, patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class DiT(nn.Module):
    """Geometry and names of HunyuanVideo's transformer in diffusers. `checkpointing` recomputes blocks in the backward pass."""

    def __init__(self, config):
        super().__init__()
        self.config, self.checkpointing = config, False
        dim, heads, ratio = config.hidden, config.heads, config.mlp_ratio
        self.x_embedder = PatchEmbed(config.in_channels, dim, config.patch)
        self.context_embedder = TokenRefiner(dim, heads, ratio, config.refiner_blocks, config.text_dim)
        self.time_text_embed = Conditioning(dim, config.pooled_dim, config.guidance_embeds)
        self.transformer_blocks = nn.ModuleList([DoubleStreamBlock(dim, heads, ratio) for _ in range(config.double_blocks)])
        self.single_transformer_blocks = nn.ModuleList([SingleStreamBlock(dim, heads, ratio) for _ in range(config.single_blocks)])
        self.norm_out = Modulation(dim, 2)
        self.proj_out = nn.Linear(dim, config.in_channels * config.patch[0] * config.patch[1] * config.patch[2])
        nn.init.zeros_(self.proj_out.weight)
        nn.init.zeros_(self.proj_out.bias)

    def forward(self, latents, timestep, text, mask, pooled, guidance):
        """Velocity [B, C, T, H, W] of latents of that shape.

        timestep and guidance [B] in units of 1/1000 (0..1000; guidance 1.0 is 1000); text [B, L, text_dim]; mask [B, L], true at tokens
        that count; pooled [B, pooled_dim]."""
        grid = tuple(size // step for size, step in zip(latents.shape[2:], self.config.patch))
        angle = angles(grid, self.config.rope_axes, self.config.rope_theta).to(latents.device)
        conditioning = self.time_text_embed(timestep, pooled, guidance)
        text = self.context_embedder(text, timestep, mask)
        video = self.x_embedder(latents)
        keys = torch.cat([mask.new_ones(video.shape[:2]), mask], 1)
        for block in (*self.transformer_blocks, *self.single_transformer_blocks):
            if self.checkpointing and self.training:
                video, text = checkpoint(block, video, text, conditioning, angle, keys, use_reentrant=False)
            else:
                video, text = block(video, text, conditioning, angle, keys)
        scale, shift = self.norm_out(conditioning)
        return self.unpatch(self.proj_out(modulated(video, shift, scale)), grid)

    def unpatch(self, tokens, grid):
        """[B, N, C * patch] -> [B, C, T, H, W]."""
        x = tokens.unflatten(2, (self.config.in_channels, *self.config.patch)).unflatten(1, grid)
        x = x.permute(0, 4, 1, 5, 2, 6, 3, 7)
        return x.flatten(2, 3).flatten(3, 4).flatten(4, 5)
