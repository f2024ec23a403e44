"""What a pipeline of diffusers does beside its transformer: encodes an export for t2v.prepare, and draws for t2v.serve.

Like `backbones.py`, run against the stand-ins of tests/stand_ins only."""

import json
from pathlib import Path

import numpy as np
import torch

from . import bundle, config as configs, events, model as models, weights
from .backbones import BACKBONE, FAMILIES, package
from .events import TrainerError


class Encoders:
    """Autoencoder and text encoders of a pipeline, with the methods of a bundle that preparation needs."""

    def __init__(self, backbone, config):
        self.backbone, self.config = backbone, config
        self.device, dtype = _device()
        with backbone.reading():
            autoencoder = backbone.kind(backbone.autoencoder).from_pretrained(backbone.path, subfolder="vae", torch_dtype=torch.float32)
            self.pipeline = package("diffusers").DiffusionPipeline.from_pretrained(backbone.path, vae=autoencoder, transformer=None, torch_dtype=dtype)
        self.pipeline.to(self.device)
        self.pipeline.vae.enable_tiling()

    @torch.no_grad()
    def encode(self, pixels):
        """Pixels [B, 3, F, H, W] in -1..1 -> unscaled latents [B, C, T, H, W]: the mode, not a draw."""
        return self.pipeline.vae.encode(pixels.to(self.device)).latent_dist.mode().cpu()

    @torch.no_grad()
    def texts(self, texts):
        """Embeddings [B, L, dim], mask [B, L] and pooled [B, pooled] of texts."""
        hidden, mask, pooled = self.backbone.texts(self.pipeline, texts, self.device)
        return hidden.cpu(), mask.cpu().bool(), pooled.cpu()

    def save(self, folder):
        configs.save(self.config, folder / bundle.CONFIG)


class PipelineSampler:
    """A pipeline that draws, with another transformer in the place of its own where one is given."""

    def __init__(self, backbone, config, transformer=None):
        self.backbone, self.config = backbone, config
        self.device, dtype = _device()
        given = {} if transformer is None else {"transformer": transformer}
        with backbone.reading():
            self.pipeline = package("diffusers").DiffusionPipeline.from_pretrained(backbone.path, torch_dtype=dtype, **given)
        self.pipeline.set_progress_bar_config(disable=True)
        self.pipeline.vae.enable_tiling()

    def adapt(self, folders):
        """Loads the LoRA weights of folders. A file without alpha means alpha = rank to diffusers, so that the scale is given apart."""
        scales = {}
        if folders:
            package("peft")
        for number, folder in enumerate(folders):
            tensors = weights.read(Path(folder) / models.LORA)
            ranks = [value.shape[0] for name, value in tensors.items() if name.endswith("lora_A.weight")]
            try:
                self.pipeline.load_lora_weights(str(folder), weight_name=models.LORA, adapter_name=f"lora{number}")
                scales[f"lora{number}"] = (models.lora_alpha(folder) or ranks[0]) / ranks[0]
            except (ValueError, KeyError, IndexError, RuntimeError) as error:
                if events.classify(error).kind == "memory":
                    raise
                raise TrainerError("geometry", f"the LoRA weights of {folder} do not fit {self.backbone.path}: {error}", file=Path(folder) / models.LORA,
                                   hint="use the base model that they were trained on")
        if scales:
            self.pipeline.set_adapters(list(scales), list(scales.values()))

    def cut(self, prompt):
        """The pipeline says itself what it leaves out of a prompt."""
        return False

    def draw(self, prompt, seed, steps, guidance_scale, shift):
        """Frames uint8 [F, H, W, 3]. Deterministic in its arguments on one machine."""
        scheduler, shape = self.pipeline.scheduler, self.config.video
        if self.backbone.shifted:
            fields = {name: shift for name in ("shift", "flow_shift") if name in scheduler.config}
            self.pipeline.scheduler = type(scheduler).from_config(scheduler.config, **fields)
        made = self.pipeline(prompt=prompt, height=shape.height, width=shape.width, num_frames=shape.num_frames, num_inference_steps=steps,
                             guidance_scale=guidance_scale, generator=torch.Generator().manual_seed(seed), output_type="np")
        return (np.asarray(made.frames[0]) * 255).round().clip(0, 255).astype(np.uint8)


def load(folder, extra=None):
    """The sampler of a model's folder that names a backbone, with its weights and the LoRA weights of the folder `extra`."""
    folder, file = Path(folder), Path(folder) / BACKBONE
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        family, path, video = FAMILIES[told["model_type"]], told["pretrained_model_name_or_path"], configs.from_json({"video": told["video"]}, file).video
    except (ValueError, KeyError, TypeError) as error:
        raise TrainerError("data", f"{file} is damaged: {error}", hint="give the folder named by the done event of t2v.train", file=file)
    backbone, transformer = family(path), None
    if (folder / models.TRANSFORMER).exists():
        transformer = backbone.load_transformer(_device()[1])
        weights.put(transformer, weights.read(folder / models.TRANSFORMER), folder / models.TRANSFORMER)
    sampler = PipelineSampler(backbone, backbone.describe(video), transformer)
    sampler.adapt([source for source in (folder, extra) if source is not None and (source is extra or (source / models.LORA).exists())])
    if sampler.device == "cuda":
        with backbone.reading():
            sampler.pipeline.enable_model_cpu_offload()
    return sampler


def _device():
    """Where and in what precision pipelines work."""
    return ("cuda", torch.bfloat16) if torch.cuda.is_available() else ("cpu", torch.float32)
