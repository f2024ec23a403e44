"""Models without memory: every tensor is created on the meta device, so that the 13B geometry can be counted on a small machine."""

import torch
from torch.overrides import TorchFunctionMode

FACTORIES = {torch.empty, torch.zeros, torch.ones, torch.randn, torch.rand, torch.full, torch.tensor}


class OnMeta(TorchFunctionMode):
    """Inside of the block tensors have shapes and no values."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if function in FACTORIES:
            kwargs["device"] = "meta"
        return function(*args, **kwargs)


def count(parameters):
    return sum(value.numel() for value in parameters)
