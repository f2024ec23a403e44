"""A small classifier of clips: which kind of scene a clip shows. It judges generated clips and is trained on real ones that the model never saw."""

import torch
from torch import nn
import torch.nn.functional as F

STEPS, BATCH, RATE = 160, 35, 3e-3


class FrameClassifier(nn.Module):
    """Frames [B, 3, H, W] in -1..1 -> logits [B, kinds]."""

    def __init__(self, kinds):
        super().__init__()
        self.stages = nn.Sequential(
            nn.Conv2d(3, 24, 4, 4), nn.BatchNorm2d(24), nn.ReLU(),
            nn.Conv2d(24, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 48, 3, 2, 1), nn.BatchNorm2d(48), nn.ReLU())
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(6 * 48, kinds))

    def forward(self, frames):
        return self.head(F.adaptive_avg_pool2d(self.stages(frames), (2, 3)).flatten(1))


def fit(clips, labels, kinds, seed, steps=STEPS):
    """A classifier of frames; `clips` are float [3, F, H, W], `labels` their numbers. Every kind that there are clips of is drawn equally often."""
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    net = FrameClassifier(kinds).train()
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.01)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    members = [[n for n, label in enumerate(labels) if label == kind] for kind in range(kinds)]
    present = [kind for kind, clips_of in enumerate(members) if clips_of]
    pick = lambda count: torch.randint(count, (), generator=draw).item()
    for _ in range(steps):
        wanted = [present[pick(len(present))] for _ in range(BATCH)]
        chosen = [clips[members[kind][pick(len(members[kind]))]] for kind in wanted]
        frames = torch.stack([clip[:, pick(clip.shape[1])] for clip in chosen])
        loss = F.cross_entropy(net(disturbed(frames, draw)), torch.tensor(wanted), label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rates.step()
    return net.eval()


def disturbed(frames, draw):
    """Mirrored, shifted, brighter or darker, blurred and noisy: what a frame shows must not hang on how sharp it is."""
    count = len(frames)
    uniform = lambda low, high: low + (high - low) * torch.rand(count, 1, 1, 1, generator=draw)
    frames = torch.where(uniform(0, 1) < 0.5, frames.flip(3), frames)
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0] = theta[:, 1, 1] = uniform(0.8, 1.1).flatten()
    theta[:, :, 2] = 0.15 * (2 * torch.rand(count, 2, generator=draw) - 1)
    frames = F.grid_sample(frames, F.affine_grid(theta, frames.shape, align_corners=False), padding_mode="reflection", align_corners=False)
    soft = F.avg_pool2d(frames, 5, 1, 2, count_include_pad=False)
    frames = torch.lerp(frames, soft, uniform(0, 1))
    return frames * uniform(0.8, 1.1) + uniform(-0.15, 0.15) + uniform(0, 0.15) * torch.randn(frames.shape, generator=draw)


@torch.no_grad()
def kind_of(net, clip):
    """The kind of a clip [3, F, H, W]: the mean over its frames decides."""
    return net(clip.transpose(0, 1)).softmax(1).mean(0).argmax().item()
