"""Linear autoencoders: latents are combinations of the mean colours of blocks of pixels."""

import math
from types import SimpleNamespace

import torch
from torch import nn
import torch.nn.functional as F

from .configuration import ModelMixin, register_to_config


class Linear(ModelMixin):
    """Blocks of temporal x spatial x spatial pixels; the first frame is a block of its own in time."""

    def build(self, channels, temporal, spatial):
        self.temporal, self.spatial = temporal, spatial
        self.colours = nn.Parameter(torch.randn(channels, 3))

    def enable_tiling(self):
        self.use_tiling = True

    def encode(self, x, return_dict=True):
        first = x[:, :, :1].expand(-1, -1, self.temporal - 1, -1, -1)
        blocks = F.avg_pool3d(torch.cat([first, x], 2), (self.temporal, self.spatial, self.spatial))
        latents = torch.einsum("lc,bcthw->blthw", self.colours, blocks)
        return SimpleNamespace(latent_dist=SimpleNamespace(mode=lambda: latents))

    def decode(self, z, return_dict=True):
        pixels = torch.einsum("cl,blthw->bcthw", torch.linalg.pinv(self.colours.float()).to(z.dtype), z)
        pixels = pixels.repeat_interleave(self.temporal, 2).repeat_interleave(self.spatial, 3).repeat_interleave(self.spatial, 4)
        return (pixels[:, :, self.temporal - 1:],)


class AutoencoderKLHunyuanVideo(Linear):
    @register_to_config
    def __init__(self, latent_channels=16, scaling_factor=0.476986, spatial_compression_ratio=8, temporal_compression_ratio=4):
        super().__init__()
        self.build(latent_channels, temporal_compression_ratio, spatial_compression_ratio)


class AutoencoderKLMochi(Linear):
    @register_to_config
    def __init__(self, latent_channels=12, temporal_expansions=(1, 2, 3), spatial_expansions=(2, 2, 2), latents_mean=tuple(0.1 * n for n in range(12)),
                 latents_std=tuple(1 + 0.1 * n for n in range(12)), scaling_factor=1.0):
        super().__init__()
        self.build(latent_channels, math.prod(temporal_expansions), math.prod(spatial_expansions))


class AutoencoderKLWan(Linear):
    @register_to_config
    def __init__(self, z_dim=16, temperal_downsample=(False, True, True), latents_mean=tuple(0.05 * n for n in range(16)),
                 latents_std=tuple(2 - 0.1 * n for n in range(16)), scale_factor_temporal=4, scale_factor_spatial=8):
        super().__init__()
        self.build(z_dim, scale_factor_temporal, scale_factor_spatial)
