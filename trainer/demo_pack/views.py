"""The three pictures that the pipeline shows its models, made from a decoded frame (uint8 RGB [H, W, 3])."""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
DOVER_MEAN = (123.675, 116.28, 103.53)
DOVER_STD = (58.395, 57.12, 57.375)
SIDE = 224


def clip_view(frame):
    """CLIP preprocessing up to the crop: short side to 224 (bicubic), centre crop; uint8 [224, 224, 3]."""
    height, width = frame.shape[:2]
    scale = SIDE / min(height, width)
    size = (max(SIDE, int(width * scale)), max(SIDE, int(height * scale)))
    picture = Image.fromarray(frame).resize(size, Image.BICUBIC)
    left, top = (size[0] - SIDE) // 2, (size[1] - SIDE) // 2
    return np.asarray(picture.crop((left, top, left + SIDE, top + SIDE)))


def aesthetic_view(frame):
    """DOVER's aesthetic view of one frame: bilinear to 224x224 without antialias; uint8 [224, 224, 3]."""
    x = torch.tensor(frame).permute(2, 0, 1)[None].float()
    x = F.interpolate(x, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    return x[0].round().byte().permute(1, 2, 0).numpy()


def technical_view(frame, random):
    """DOVER's technical view of one frame: a 7x7 grid of 32x32 cut-outs at native resolution; uint8 [224, 224, 3]."""
    if min(frame.shape[:2]) < SIDE:
        scale = SIDE / min(frame.shape[:2])
        frame = np.asarray(Image.fromarray(frame).resize((int(frame.shape[1] * scale) + 1, int(frame.shape[0] * scale) + 1), Image.BILINEAR))
    height, width = frame.shape[:2]
    view = np.empty((SIDE, SIDE, 3), np.uint8)
    for row in range(7):
        for column in range(7):
            top = min(height // 7 * row, height - 32) + (random.integers(height // 7 - 32) if height // 7 > 32 else 0)
            left = min(width // 7 * column, width - 32) + (random.integers(width // 7 - 32) if width // 7 > 32 else 0)
            view[row * 32:row * 32 + 32, column * 32:column * 32 + 32] = frame[top:top + 32, left:left + 32]
    return view


def clip_tensor(views):
    """uint8 [N, 224, 224, 3] -> float32 [N, 3, 224, 224], CLIP-normalised."""
    return _normalise(torch.tensor(views).permute(0, 3, 1, 2).contiguous().float().div_(255), CLIP_MEAN, CLIP_STD)


def dover_tensor(views):
    """uint8 [N, 224, 224, 3] -> float32 [N, 3, 224, 224], normalised for DOVER."""
    return _normalise(torch.tensor(views).permute(0, 3, 1, 2).contiguous().float(), DOVER_MEAN, DOVER_STD)


def _normalise(x, mean, std):
    # In place: the batches are large and the caller has made x for this.
    return x.sub_(torch.tensor(mean).view(1, 3, 1, 1)).div_(torch.tensor(std).view(1, 3, 1, 1))
