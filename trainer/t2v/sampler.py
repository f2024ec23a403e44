"""Draws videos from prompts. Each is drawn alone, so that it does not depend on what else is asked for."""

import torch

from . import flow
from .text import empty_text
from .video import to_frames

EMBEDDED_UNIT = 1000.0  # guidance 1.0 as the guidance embedding and the timestep count it


@torch.no_grad()
def sample(transformer, parts, prompt, seed, steps=50, guidance_scale=1.0, shift=7.0):
    """Frames uint8 [F, H, W, 3] of a prompt. Deterministic in its arguments on one machine.

    guidance_scale: 1.0 is none. Models trained with caption dropout are guided by the difference to the prediction without a text
    (classifier-free guidance, arXiv 2207.12598), others by the guidance embedding."""
    device = next(transformer.parameters()).device
    config = parts.config
    text, mask, pooled = (value.to(device) for value in parts.texts([prompt]))
    guided = config.classifier_free and guidance_scale != 1.0
    if guided:
        nothing = (value.to(device) for value in empty_text(config))
        text, mask, pooled = (torch.cat(pair) for pair in zip((text, mask, pooled), nothing))
    embedded = EMBEDDED_UNIT * (1.0 if config.classifier_free else guidance_scale)

    def velocity(x, timestep):
        count = len(text)
        level = timestep.to(device).expand(count)
        v = transformer(x.expand(count, -1, -1, -1, -1), level, text, mask, pooled, torch.full((count,), embedded, device=device))
        return v[1:] + guidance_scale * (v[:1] - v[1:]) if guided else v

    noise = torch.randn(1, *config.latent_shape(), generator=torch.Generator().manual_seed(seed)).to(device)
    latents = flow.euler(velocity, noise, steps, shift)
    return to_frames(parts.pixels(latents.cpu())[0])
