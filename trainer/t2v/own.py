"""Our own transformer behind the interface that t2v.train and t2v.serve ask of a model; `backbones.py` and `pipelines.py` have the pretrained ones."""

import dataclasses
import shutil
from functools import partial

import torch

from . import bundle, config as configs, flow, lora, model as models, weights
from .events import TrainerError
from .sampler import EMBEDDED_UNIT, sample


class Own:
    """What a run trains where --model_type is t2v. `parts` is the bundle that the data was prepared with, None for FastVideo's preprocessing."""

    def __init__(self, options):
        folder = options.data_json_path.parent
        stated = bundle.read_config(folder / bundle.CONFIG) if (folder / bundle.CONFIG).exists() else None
        self.parts = bundle.load(folder) if stated and stated.text.own else None

    def config(self, options):
        """The configuration of the run: that of the data, else --model_config."""
        config = self.parts.config if self.parts else configs.load(options.model_config or "tiny").check()
        if self.parts and options.model_config:
            wanted = dataclasses.replace(configs.load(options.model_config), autoencoder=config.autoencoder)
            if difference := bundle.same_geometry(wanted, config):
                raise TrainerError("geometry", f"--model_config {options.model_config} is not what the data was prepared for: {difference}",
                                   hint="prepare the data with this --model_config", file=options.data_json_path)
        base = options.init_from / bundle.CONFIG if options.init_from else None
        guided = base is not None and base.exists() and bundle.read_config(base).classifier_free
        return dataclasses.replace(config, classifier_free=options.cfg > 0 or guided)

    def trainable(self, options, config, device):
        """(transformer, its trained parameters by name)."""
        torch.manual_seed(options.seed)
        model = models.DiT(config.transformer)
        if options.init_from:
            file = options.init_from / models.TRANSFORMER
            weights.put(model, weights.read(file), file)
        elif options.use_lora:
            raise TrainerError("usage", "--use_lora adapts a trained model and none is given", hint="give --init_from FOLDER with transformer.safetensors")
        model.checkpointing = options.gradient_checkpointing
        if options.use_lora:
            if options.mixed_precision == "bf16":
                model.bfloat16()
            torch.manual_seed(options.seed)
            parameters = lora.adapt(model, options.lora_rank, options.lora_alpha, options.lora_target_modules)
            for value in parameters.values():
                value.data = value.data.float()
        else:
            parameters = dict(model.named_parameters())
        model.to(device).train()
        return model, {name: value for name, value in model.named_parameters() if name in parameters}

    def velocity(self, model, latents, sigma, batch):
        """The predicted noise - data [B, C, T, H, W] at noise levels sigma [B]."""
        guidance = torch.full_like(sigma, EMBEDDED_UNIT)
        return model(latents, flow.TIMESTEPS * sigma, batch.text, batch.mask, batch.pooled, guidance)

    def drawer(self, model, config):
        """A function of (prompt, seed, steps, guidance_scale, shift) that draws frames with the model in training; None where no decoder is at hand."""
        return self.parts and partial(sample, model, dataclasses.replace(self.parts, config=config))

    def write_model(self, folder, options, config):
        """What a model's folder needs beside the trained weights."""
        if options.use_lora:
            shutil.copyfile(options.init_from / models.TRANSFORMER, folder / models.TRANSFORMER)
        if self.parts:
            bundle.copy(options.data_json_path.parent, folder, config)


class OwnSampler:
    """A trained model's folder, ready to draw; its own LoRA weights and those of the folder `extra` are merged."""

    def __init__(self, folder, extra=None):
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        transformer, self.parts = models.load(folder, extra)
        self.transformer, self.config = transformer.to(self.device), self.parts.config

    def cut(self, prompt):
        """Whether the model reads only the beginning of a prompt."""
        return self.parts.tokenizer.cut(prompt)

    def draw(self, prompt, seed, steps, guidance_scale, shift):
        """Frames uint8 [F, H, W, 3]."""
        return sample(self.transformer, self.parts, prompt, seed, steps, guidance_scale, shift)
