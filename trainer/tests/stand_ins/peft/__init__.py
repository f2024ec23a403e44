"""Stands in for peft where it is not installed: LoRA on linear layers, with peft's names of modules and the options that this project gives."""

import math
from dataclasses import dataclass, field

from torch import nn


@dataclass
class LoraConfig:
    r: int = 8
    target_modules: list = None
    lora_alpha: int = 8
    lora_dropout: float = 0.0
    init_lora_weights: bool = True
    base_model_name_or_path: str = field(default=None)


class Linear(nn.Module):
    """A linear layer with adapters by name: base_layer, lora_A.NAME, lora_B.NAME. `scaling` has alpha / rank of each."""

    def __init__(self, base_layer):
        super().__init__()
        self.base_layer, self.lora_A, self.lora_B, self.scaling = base_layer, nn.ModuleDict(), nn.ModuleDict(), {}

    def update_layer(self, name, rank, alpha):
        weight = self.base_layer.weight
        for group, linear in ((self.lora_A, nn.Linear(weight.shape[1], rank, bias=False)), (self.lora_B, nn.Linear(rank, weight.shape[0], bias=False))):
            group[name] = linear.to(weight.device, weight.dtype)
        nn.init.kaiming_uniform_(self.lora_A[name].weight, a=math.sqrt(5))
        nn.init.zeros_(self.lora_B[name].weight)
        self.scaling[name] = alpha / rank

    def forward(self, x):
        result = self.base_layer(x)
        for name, scale in self.scaling.items():
            result = result + scale * self.lora_B[name](self.lora_A[name](x.to(self.lora_A[name].weight.dtype)))
        return result


def inject_adapter_in_model(peft_config, model, adapter_name="default"):
    """Puts adapters beside the layers whose name ends with one of target_modules."""
    matches = lambda name: any(name == target or name.endswith(f".{target}") for target in peft_config.target_modules)
    for name, module in list(model.named_modules()):
        if matches(name) and isinstance(module, (nn.Linear, Linear)):
            path, leaf = name.rsplit(".", 1)
            if isinstance(module, nn.Linear):
                module = Linear(module)
                setattr(model.get_submodule(path), leaf, module)
            module.update_layer(adapter_name, peft_config.r, peft_config.lora_alpha)
    return model
