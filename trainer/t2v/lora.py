"""Low-rank adaptation of linear layers (LoRA, arXiv 2106.09685): W x + (alpha / rank) B A x, with A random and B zero at first."""

import math

import torch
from torch import nn

from .events import TrainerError

TARGETS = ("to_q", "to_k", "to_v", "to_out.0")  # the attention projections of video and refiner, not the text stream's in double blocks
ALL_LINEAR = "all-linear"
PREFIX = "transformer."


class LoraLinear(nn.Module):
    """A frozen linear layer with its adapter. The names lora_A.weight and lora_B.weight are those that diffusers reads."""

    def __init__(self, linear, rank, alpha):
        super().__init__()
        self.base, self.scale = linear, alpha / rank
        self.lora_A = nn.Linear(linear.in_features, rank, bias=False, device=linear.weight.device)
        self.lora_B = nn.Linear(rank, linear.out_features, bias=False, device=linear.weight.device)
        nn.init.kaiming_uniform_(self.lora_A.weight, a=math.sqrt(5))
        nn.init.zeros_(self.lora_B.weight)

    @property
    def weight(self):
        return self.base.weight

    def forward(self, x):
        return self.base(x) + self.scale * self.lora_B(self.lora_A(x))


def targets(model, modules=TARGETS):
    """Names of the linear layers that are adapted: those whose name, or the end of it after a dot, is in `modules`; all where that is all-linear."""
    linear = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    if tuple(modules) == (ALL_LINEAR,):
        return linear
    if unknown := [module for module in modules if not any(_named(name, module) for name in linear)]:
        known = sorted({name.rsplit(".", 1)[-1] for name in linear if not name.rsplit(".", 1)[-1].isdigit()})
        raise TrainerError("usage", f"--lora_target_modules: the model has no linear layer {', '.join(unknown)}",
                           hint=f"give {ALL_LINEAR}, or the ends of names of layers, as {', '.join(known)}")
    return [name for name in linear if any(_named(name, module) for module in modules)]


def adapt(model, rank, alpha, modules=TARGETS):
    """Freezes the model and puts adapters into it; returns their parameters by name."""
    model.requires_grad_(False)
    for name in targets(model, modules):
        parent, leaf = _parent(model, name)
        _put(parent, leaf, LoraLinear(getattr(parent, leaf) if not leaf.isdigit() else parent[int(leaf)], rank, alpha))
    return {name: value for name, value in model.named_parameters() if value.requires_grad}


def to_file(parameters):
    """Keys as `load_lora_weights` of diffusers reads them: transformer.transformer_blocks.0.attn.to_q.lora_A.weight."""
    return {PREFIX + name: value for name, value in parameters.items()}


def from_file(tensors):
    return {name[len(PREFIX):] if name.startswith(PREFIX) else name: value for name, value in tensors.items()}


@torch.no_grad()
def merge(model, tensors, alpha=None):
    """Adds the adapters of a LoRA file to the weights of a plain model: W + (alpha / rank) B A. alpha: the rank where it is not given."""
    tensors = from_file(tensors)
    modules = dict(model.named_modules())
    for name in sorted({key.rsplit(".lora_", 1)[0] for key in tensors}):
        down, up = tensors.get(f"{name}.lora_A.weight"), tensors.get(f"{name}.lora_B.weight")
        module = modules.get(name)
        if down is None or up is None or not isinstance(module, nn.Linear) or module.weight.shape != (up.shape[0], down.shape[1]):
            raise TrainerError("geometry", f"the LoRA weights {name} do not fit the model", hint="use the base model that they were trained on")
        rank = down.shape[0]
        module.weight += ((alpha or rank) / rank) * (up.float() @ down.float()).to(module.weight.dtype)


def _named(name, module):
    return name == module or name.endswith(f".{module}")


def _parent(model, name):
    path, _, leaf = name.rpartition(".")
    return model.get_submodule(path), leaf


def _put(parent, leaf, module):
    if leaf.isdigit():
        parent[int(leaf)] = module
    else:
        setattr(parent, leaf, module)
