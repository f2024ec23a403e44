"""The nets of the demo pack. Small on purpose: a few milliseconds on one core."""

import torch
from torch import nn
import torch.nn.functional as F

EMBEDDING = 768
SIDE_OF_LAST = 7


class Block(nn.Module):
    """Convolution, batch norm, ReLU; `fold` merges the norm into the convolution for export."""

    def __init__(self, inputs, outputs, kernel, stride, padding):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))

    @torch.no_grad()
    def fold(self):
        scale = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        self.conv.weight.mul_(scale.view(-1, 1, 1, 1))
        self.conv.bias.copy_((self.conv.bias - self.norm.running_mean) * scale + self.norm.bias)
        self.norm = nn.Identity()


class Trunk(nn.Module):
    """Strided stages; the mean of every stage is a feature, so that noise and blur, which show early, are not lost."""

    def __init__(self, widths=(24, 32, 64, 96)):
        super().__init__()
        self.stages = nn.ModuleList([Block(3, widths[0], 4, 4, 0)])
        for inputs, outputs in zip(widths, widths[1:]):
            self.stages.append(Block(inputs, outputs, 3, 2, 1))
        self.grid = nn.AvgPool2d(SIDE_OF_LAST // 2 + 1, SIDE_OF_LAST // 2)
        self.features = sum(widths) + 4 * widths[-1]
        self.norm = nn.BatchNorm1d(self.features, affine=False)

    def forward(self, x):
        means = []
        for stage in self.stages:
            x = stage(x)
            means.append(x.mean((2, 3)))
        return self.norm(torch.cat([*means, self.grid(x).flatten(1)], 1))

    @torch.no_grad()
    def fold_into(self, linear):
        """Moves the norm of the features into the linear layer that reads them."""
        scale = 1 / torch.sqrt(self.norm.running_var + self.norm.eps)
        linear.bias.sub_(linear.weight @ (self.norm.running_mean * scale))
        linear.weight.mul_(scale)
        self.norm = nn.Identity()




class ClipVision(nn.Module):
    """pixel_values [N, 3, 224, 224] -> image_embeds [N, 768], not normalised."""

    def __init__(self):
        super().__init__()
        self.trunk = Trunk()
        self.project = nn.Linear(self.trunk.features, EMBEDDING)

    def reader(self):
        return self.project

    def forward(self, pixel_values):
        return self.project(self.trunk(pixel_values))


class FrameClassifier(nn.Module):
    """image_embeds [N, 768] (of any length) -> logits [N, 2]; class 1 is medical."""

    SHARPNESS = 12.0

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(EMBEDDING, 2)

    def forward(self, image_embeds):
        return self.linear(self.SHARPNESS * image_embeds / (image_embeds * image_embeds).sum(1, keepdim=True).clamp(min=1e-12).sqrt())


class FrameQuality(nn.Module):
    """Normalised frames [N, 3, 224, 224] -> raw scores [N, 1], learnt in units of `spread` around `centre`."""

    def __init__(self, centre, spread):
        super().__init__()
        self.centre, self.spread = centre, spread
        self.trunk = Trunk((12, 24, 32, 32))
        self.head = nn.Sequential(nn.Linear(self.trunk.features, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, frames):
        return self.centre + self.spread * self.head(self.trunk(frames))

    def reader(self):
        return self.head[0]


class VideoQuality(nn.Module):
    """A DOVER view [N, 3, 32, 224, 224] -> score [N, 1]: the mean score of every eighth frame."""

    SAMPLED = 4

    def __init__(self, frame):
        super().__init__()
        self.frame = frame

    def forward(self, view):
        frames = view[:, :, 4::8].permute(0, 2, 1, 3, 4).reshape(-1, 3, 224, 224)
        return self.frame(frames).reshape(-1, self.SAMPLED).mean(1, keepdim=True)


def fold(module):
    """Merges every norm of a net with a trunk; the net is for inference afterwards."""
    module.trunk.fold_into(module.reader())
    for child in module.modules():
        if isinstance(child, Block):
            child.fold()
    return module.eval()
