"""Causal 3D autoencoder: a latent frame sees its own frames and earlier ones, so that the first frame alone is a picture."""

import torch
from torch import nn
import torch.nn.functional as F


class CausalConv3d(nn.Conv3d):
    """Convolution that pads time before the first frame alone."""

    def __init__(self, inputs, outputs, kernel=3, stride=(1, 1, 1)):
        super().__init__(inputs, outputs, kernel, stride, padding=(0, kernel // 2, kernel // 2))
        self.before = kernel - 1

    def forward(self, x):
        first = x[:, :, :1].expand(-1, -1, self.before, -1, -1)
        return super().forward(torch.cat([first, x], 2) if self.before else x)


class ChannelNorm(nn.Module):
    """RMS norm over the channels of each position: unlike group norm it does not look ahead in time."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1, 1))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(1, keepdim=True) + 1e-6) * self.weight


class ResBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.norm1, self.conv1 = ChannelNorm(inputs), CausalConv3d(inputs, outputs)
        self.norm2, self.conv2 = ChannelNorm(outputs), CausalConv3d(outputs, outputs)
        self.shortcut = nn.Identity() if inputs == outputs else CausalConv3d(inputs, outputs, 1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x):
        return self.shortcut(x) + self.conv2(F.silu(self.norm2(self.conv1(F.silu(self.norm1(x))))))


class Upsample(nn.Module):
    """Repeats positions. In time n frames become stride * (n - 1) + 1: the first stays alone."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.stride, self.conv = stride, CausalConv3d(inputs, outputs)

    def forward(self, x):
        for axis, times in zip((2, 3, 4), self.stride):
            x = x.repeat_interleave(times, axis) if times > 1 else x
        return self.conv(x[:, :, self.stride[0] - 1:])


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        channels = config.channels
        layers = [CausalConv3d(3 * config.patch ** 2, channels[0])]
        for inputs, outputs, stride in zip(channels, channels[1:], config.strides):
            layers += [ResBlock(inputs, inputs) for _ in range(config.layers)]
            layers.append(CausalConv3d(inputs, outputs, 3, tuple(stride)))
        layers += [ResBlock(channels[-1], channels[-1]) for _ in range(config.layers)]
        layers += [ChannelNorm(channels[-1]), nn.SiLU(), CausalConv3d(channels[-1], config.latent_channels)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


class Decoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        channels = config.channels[::-1]
        layers = [CausalConv3d(config.latent_channels, channels[0])]
        for inputs, outputs, stride in zip(channels, channels[1:], config.strides[::-1]):
            layers += [ResBlock(inputs, inputs) for _ in range(config.layers)]
            layers.append(Upsample(inputs, outputs, tuple(stride)))
        layers += [ResBlock(channels[-1], channels[-1]) for _ in range(config.layers)]
        layers += [ChannelNorm(channels[-1]), nn.SiLU(), CausalConv3d(channels[-1], 3 * config.patch ** 2)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


class Autoencoder(nn.Module):
    """Pixels [B, 3, F, H, W] in -1..1 <-> latents [B, C, (F - 1) / temporal + 1, H / spatial, W / spatial], unscaled.

    With `linear` the convolutions add to a linear map of each block of temporal x spatial x spatial pixels, which principal components of
    the data give in a second; before the first frame that block holds copies of it."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.encoder, self.decoder = Encoder(config), Decoder(config)
        if config.linear:
            block = (config.temporal, config.spatial, config.spatial)
            self.linear_in = nn.Conv3d(3, config.latent_channels, block, block)
            self.linear_out = nn.ConvTranspose3d(config.latent_channels, 3, block, block)
            for layers in (self.encoder.layers, self.decoder.layers):
                nn.init.zeros_(layers[-1].weight)
                nn.init.zeros_(layers[-1].bias)

    def encode(self, pixels):
        latents = self.encoder(fold(pixels, self.config.patch))
        return latents + self.linear_in(self.blocks_of(pixels)) if self.config.linear else latents

    def decode(self, latents):
        pixels = unfold(self.decoder(latents), self.config.patch)
        return pixels + self.linear_out(latents)[:, :, self.config.temporal - 1:] if self.config.linear else pixels

    def blocks_of(self, pixels):
        """The frames with copies of the first before them, so that they divide into blocks."""
        return torch.cat([pixels[:, :, :1].expand(-1, -1, self.config.temporal - 1, -1, -1), pixels], 2)

    @torch.no_grad()
    def set_components(self, pixels):
        """Makes the linear maps those of the principal components of the blocks of pixels [B, 3, F, H, W]."""
        t, s = self.config.temporal, self.config.spatial
        x = self.blocks_of(pixels).unflatten(4, (-1, s)).unflatten(3, (-1, s)).unflatten(2, (-1, t))
        x = x.permute(0, 2, 4, 6, 1, 3, 5, 7).flatten(0, 3).flatten(1).double()
        mean = x.mean(0)
        _, vectors = torch.linalg.eigh((x - mean).T @ (x - mean))
        basis = vectors[:, -self.config.latent_channels:].T.float()
        self.linear_in.weight.copy_(basis.view_as(self.linear_in.weight))
        self.linear_in.bias.copy_(-basis @ mean.float())
        self.linear_out.weight.copy_(basis.view_as(self.linear_out.weight))
        # One bias a channel: the mean block's remainder is small, and the convolutions have it.
        self.linear_out.bias.copy_(mean.float().view(3, -1).mean(1))


def fold(x, patch):
    """[B, 3, F, H, W] -> [B, 3 * patch^2, F, H / patch, W / patch]."""
    if patch == 1:
        return x
    x = x.unflatten(4, (-1, patch)).unflatten(3, (-1, patch))
    return x.permute(0, 1, 4, 6, 2, 3, 5).flatten(1, 3)


def unfold(x, patch):
    """The inverse of `fold`."""
    if patch == 1:
        return x
    x = x.unflatten(1, (3, patch, patch)).permute(0, 1, 4, 5, 2, 6, 3)
    return x.flatten(5, 6).flatten(3, 4)


def statistics(config, device=None):
    """Mean and standard deviation of the latent channels, each [1, C, 1, 1, 1]; scaled latents are (x - mean) / std."""
    channels = config.latent_channels
    mean = torch.tensor(config.mean or [0.0] * channels, device=device)
    std = torch.tensor(config.std or [1 / config.scaling_factor] * channels, device=device)
    return mean.view(1, -1, 1, 1, 1), std.view(1, -1, 1, 1, 1)
