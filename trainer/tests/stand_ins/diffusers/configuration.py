"""Configurations and weights in the folders of a pipeline, as ConfigMixin and ModelMixin keep them."""

import functools
import inspect
import json
from pathlib import Path

import torch
from torch import nn


class FrozenDict(dict):
    """A dictionary whose entries are also attributes."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)


def register_to_config(init):
    """Keeps the arguments of a constructor, defaults included, in `config`."""
    @functools.wraps(init)
    def wrapped(self, *args, **kwargs):
        bound = inspect.signature(init).bind(self, *args, **kwargs)
        bound.apply_defaults()
        init(self, *args, **kwargs)
        self.config = FrozenDict({name: value for name, value in bound.arguments.items() if name != "self"})
    return wrapped


class ConfigMixin:
    config_name = "config.json"

    @classmethod
    def load_config(cls, pretrained_model_name_or_path, return_unused_kwargs=False, return_commit_hash=False, *, subfolder=None):
        file = Path(pretrained_model_name_or_path, subfolder or "", cls.config_name)
        if not file.is_file():
            raise EnvironmentError(f"Error no file named {cls.config_name} found in directory {file.parent}.")
        try:
            return json.loads(file.read_text())
        except ValueError:
            raise EnvironmentError(f"It looks like the config file at '{file}' is not a valid JSON file.")

    @classmethod
    def from_config(cls, config, **kwargs):
        known = set(inspect.signature(cls.__init__).parameters) - {"self"}
        return cls(**{name: value for name, value in {**config, **kwargs}.items() if name in known})

    def save_config(self, folder):
        Path(folder).mkdir(parents=True, exist_ok=True)
        told = {"_class_name": type(self).__name__, **self.config}
        Path(folder, self.config_name).write_text(json.dumps(told))


class ModelMixin(ConfigMixin, nn.Module):
    """A net in a folder of a pipeline. Loaded ones are in evaluation mode, as in diffusers."""

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, *, subfolder=None, torch_dtype=torch.float32):
        model = cls.from_config(cls.load_config(pretrained_model_name_or_path, subfolder=subfolder))
        model.load_state_dict(torch.load(Path(pretrained_model_name_or_path, subfolder or "", "diffusion_pytorch_model.pt")))
        return model.to(torch_dtype).eval()

    def save_pretrained(self, folder):
        self.save_config(folder)
        torch.save(self.state_dict(), Path(folder, "diffusion_pytorch_model.pt"))

    @property
    def dtype(self):
        return next(self.parameters()).dtype

    @property
    def device(self):
        return next(self.parameters()).device
