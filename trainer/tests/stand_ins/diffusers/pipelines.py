"""Pipelines: folders with model_index.json, encode_prompt, load_lora_weights and sampling, with the signatures of diffusers."""

import importlib
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

from peft import LoraConfig, inject_adapter_in_model

from .configuration import ConfigMixin

WORD_DIMS = 8


class DiffusionPipeline(ConfigMixin):
    config_name = "model_index.json"
    parts = ("transformer", "vae", "scheduler")

    def __init__(self, **parts):
        self.__dict__.update(parts)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, *, torch_dtype=torch.float32, **given):
        index, module = cls.load_config(pretrained_model_name_or_path), importlib.import_module("diffusers")
        kind = getattr(module, index["_class_name"])
        if unknown := set(given) - set(cls.parts):
            raise ValueError(f"unexpected arguments: {unknown}")
        made = {}
        for name in cls.parts:
            part = getattr(module, index[name][1])
            if name in given:
                made[name] = given[name]
            elif issubclass(part, torch.nn.Module):
                made[name] = part.from_pretrained(pretrained_model_name_or_path, subfolder=name, torch_dtype=torch_dtype)
            else:
                made[name] = part.from_config(part.load_config(pretrained_model_name_or_path, subfolder=name))
        return kind(**made)

    def save_pretrained(self, folder):
        index = {"_class_name": type(self).__name__, "_diffusers_version": "stand-in"}
        for name in self.parts:
            part = getattr(self, name)
            (part.save_pretrained if isinstance(part, torch.nn.Module) else part.save_config)(Path(folder, name))
            index[name] = ["diffusers", type(part).__name__]
        Path(folder, self.config_name).write_text(json.dumps(index))

    def to(self, device):
        for part in (self.transformer, self.vae):
            if part is not None:
                part.to(device)
        return self

    def set_progress_bar_config(self, *, disable):
        pass

    def load_lora_weights(self, pretrained_model_name_or_path_or_dict, adapter_name=None, hotswap=False, *, weight_name):
        from t2v import weights
        tensors = weights.read(Path(pretrained_model_name_or_path_or_dict, weight_name))
        if not all(name.startswith("transformer.") and name.endswith((".lora_A.weight", ".lora_B.weight")) for name in tensors):
            raise ValueError("Invalid LoRA checkpoint.")
        targets = {name[len("transformer."):].rsplit(".lora_", 1)[0] for name in tensors}
        rank = next(value.shape[0] for name, value in tensors.items() if "lora_A" in name)
        inject_adapter_in_model(LoraConfig(r=rank, lora_alpha=rank, target_modules=list(targets)), self.transformer, adapter_name)
        own = dict(self.transformer.named_parameters())
        for name, value in tensors.items():
            own[name[len("transformer."):].replace(".weight", f".{adapter_name}.weight")].data.copy_(value)

    def set_adapters(self, adapter_names, adapter_weights=None):
        for module in self.transformer.modules():
            if hasattr(module, "scaling"):
                module.scaling = {name: scale for name, scale in zip(adapter_names, adapter_weights) if name in module.scaling}

    def embed(self, prompts, length, dim):
        """Embeddings that are zero after the last word, a mask, and their means."""
        hidden, mask = torch.zeros(len(prompts), length, dim), torch.zeros(len(prompts), length, dtype=torch.long)
        for line, prompt in enumerate(prompts):
            for at, word in enumerate([*prompt.split(), "</s>"][:length]):
                hidden[line, at] = torch.randn(dim, generator=torch.Generator().manual_seed(sum(word.encode()) + 1))
                mask[line, at] = 1
        return hidden, mask, hidden.sum(1) / mask.sum(1, keepdim=True)

    @torch.no_grad()
    def sample(self, shape, steps, generator, temporal, predict, mean, std):
        frames, height, width = shape
        sizes = ((frames - 1) // temporal + 1, height // 8, width // 8)
        latents = torch.randn(1, self.transformer.config.in_channels, *sizes, generator=generator)
        self.scheduler.set_timesteps(steps)
        for timestep in self.scheduler.timesteps:
            latents = self.scheduler.step(predict(latents, timestep.expand(1)), timestep, latents)
        column = lambda values: torch.as_tensor(values).view(1, -1, 1, 1, 1)
        pixels = self.vae.decode(latents * column(std) + column(mean), return_dict=False)[0]
        return SimpleNamespace(frames=np.asarray(((pixels.clamp(-1, 1) + 1) / 2).movedim(1, -1)))


class HunyuanVideoPipeline(DiffusionPipeline):
    def encode_prompt(self, prompt, prompt_2=None, prompt_template=None, num_videos_per_prompt=1, prompt_embeds=None, pooled_prompt_embeds=None,
                      prompt_attention_mask=None, device=None, dtype=None, max_sequence_length=256):
        hidden, mask, pooled = self.embed(prompt, max_sequence_length, 2 * WORD_DIMS)
        return hidden, pooled[:, :WORD_DIMS], mask

    def __call__(self, prompt=None, height=720, width=1280, num_frames=129, num_inference_steps=50, guidance_scale=6.0, generator=None, output_type="pil"):
        hidden, pooled, mask = self.encode_prompt([prompt])
        guidance = torch.tensor([1000.0 * guidance_scale])
        predict = lambda x, t: self.transformer(hidden_states=x, timestep=t, encoder_hidden_states=hidden, encoder_attention_mask=mask,
                                                pooled_projections=pooled, guidance=guidance, return_dict=False)[0]
        return self.sample((num_frames, height, width), num_inference_steps, generator, 4, predict, 0.0, 1 / self.vae.config.scaling_factor)


class MochiPipeline(DiffusionPipeline):
    def encode_prompt(self, prompt, negative_prompt=None, do_classifier_free_guidance=True, num_videos_per_prompt=1, prompt_embeds=None,
                      negative_prompt_embeds=None, prompt_attention_mask=None, negative_prompt_attention_mask=None, max_sequence_length=256, device=None,
                      dtype=None):
        hidden, mask, _ = self.embed(prompt, max_sequence_length, 2 * WORD_DIMS)
        return hidden, mask.bool(), None, None

    def __call__(self, prompt=None, negative_prompt=None, height=None, width=None, num_frames=19, num_inference_steps=64, guidance_scale=4.5, generator=None,
                 output_type="pil"):
        hidden, mask, _, _ = self.encode_prompt([prompt], do_classifier_free_guidance=False)
        predict = lambda x, t: self.transformer(hidden_states=x, encoder_hidden_states=hidden, timestep=t, encoder_attention_mask=mask, return_dict=False)[0]
        config = self.vae.config
        return self.sample((num_frames, height, width), num_inference_steps, generator, 6, predict, config.latents_mean,
                           torch.tensor(config.latents_std) / config.scaling_factor)


class WanPipeline(DiffusionPipeline):
    def encode_prompt(self, prompt, negative_prompt=None, do_classifier_free_guidance=True, num_videos_per_prompt=1, prompt_embeds=None,
                      negative_prompt_embeds=None, max_sequence_length=226, device=None, dtype=None):
        return self.embed(prompt, max_sequence_length, 2 * WORD_DIMS)[0], None

    def __call__(self, prompt=None, negative_prompt=None, height=480, width=832, num_frames=81, num_inference_steps=50, guidance_scale=5.0, generator=None,
                 output_type="np", max_sequence_length=512):
        hidden, _ = self.encode_prompt([prompt], do_classifier_free_guidance=False, max_sequence_length=max_sequence_length)
        predict = lambda x, t: self.transformer(hidden_states=x, timestep=t, encoder_hidden_states=hidden, return_dict=False)[0]
        return self.sample((num_frames, height, width), num_inference_steps, generator, 4, predict, self.vae.config.latents_mean, self.vae.config.latents_std)
