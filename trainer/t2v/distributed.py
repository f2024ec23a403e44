"""The processes of a run under torchrun, or the only one."""

import os
from contextlib import nullcontext

import torch
import torch.distributed as dist

from .events import TrainerError


class World:
    """Rank, size and device of this process. Collectives are no-ops in a world of one."""

    def __init__(self):
        self.rank, self.size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        cuda = torch.cuda.is_available()
        local = int(os.environ.get("LOCAL_RANK", 0))
        if cuda and local >= torch.cuda.device_count():
            raise TrainerError("usage", f"{local + 1} processes on a machine with {torch.cuda.device_count()} GPUs", hint="lower --nproc_per_node")
        self.device = torch.device("cuda", local) if cuda else torch.device("cpu")
        if cuda:
            torch.cuda.set_device(self.device)
        if self.size > 1:
            dist.init_process_group("nccl" if cuda else "gloo")

    @property
    def first(self):
        return self.rank == 0

    def wrap(self, model):
        if self.size == 1:
            return model
        return torch.nn.parallel.DistributedDataParallel(model, device_ids=[self.device.index] if self.device.type == "cuda" else None)

    def without_sync(self, model, last):
        """Gradients are exchanged in the last micro-batch of a step alone."""
        return nullcontext() if self.size == 1 or last else model.no_sync()

    def mean(self, value):
        """The mean of a number over the processes."""
        return self._reduce(value, dist.ReduceOp.SUM) / self.size if self.size > 1 else value

    def any(self, flag):
        return bool(self._reduce(float(flag), dist.ReduceOp.MAX)) if self.size > 1 else flag

    def wait(self):
        if self.size > 1:
            dist.barrier()

    def close(self):
        if self.size > 1:
            dist.destroy_process_group()

    def _reduce(self, value, operation):
        tensor = torch.tensor(value, dtype=torch.float64, device=self.device)
        dist.all_reduce(tensor, operation)
        return tensor.item()
