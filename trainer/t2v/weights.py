"""Weights as safetensors files: 8 bytes little-endian header length, JSON header, raw tensors. Reads without copying the file."""

import json
import os
import struct

import numpy as np
import torch

from .events import TrainerError

DTYPES = {"F32": (torch.float32, 4), "BF16": (torch.bfloat16, 2), "F16": (torch.float16, 2), "I64": (torch.int64, 8)}
NAMES = {dtype: name for name, (dtype, _) in DTYPES.items()}
LONGEST_HEADER = 100_000_000


def write(file, tensors, metadata=None):
    """Writes tensors by name, one after the other, and makes sure that they are on the disk."""
    header, at = {"__metadata__": {"format": "pt", **(metadata or {})}}, 0
    for name, value in tensors.items():
        size = value.numel() * value.element_size()
        header[name] = {"dtype": NAMES[value.dtype], "shape": list(value.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            stream.write(value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data)
        stream.flush()
        os.fsync(stream.fileno())


def read(file):
    """Tensors by name; a data error names a file that is cut off or no safetensors file."""
    try:
        with open(file, "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > min(size, LONGEST_HEADER):
                raise ValueError("the header is longer than the file")
            header = json.loads(stream.read(length))
        body = np.memmap(file, np.uint8, "r", offset=8 + length) if size > 8 + length else np.zeros(0, np.uint8)
        return {name: _tensor(body, entry, name) for name, entry in header.items() if name != "__metadata__"}
    except FileNotFoundError:
        raise TrainerError("data", f"{file} does not exist", file=file)
    except (ValueError, KeyError, TypeError, struct.error, AttributeError) as error:
        raise TrainerError("data", f"{file} is damaged or no safetensors file: {error}", file=file)


def _tensor(body, entry, name):
    dtype, width = DTYPES[entry["dtype"]]
    start, end = entry["data_offsets"]
    shape = entry["shape"]
    if not 0 <= start <= end <= len(body) or (end - start) != width * int(np.prod(shape, dtype=np.int64)):
        raise ValueError(f"{name} lies outside of the file")
    return torch.frombuffer(bytearray(body[start:end]), dtype=dtype).reshape(shape) if end > start else torch.empty(shape, dtype=dtype)


def put(module, tensors, file):
    """Loads tensors into a module; a geometry error names the first that is missing, superfluous or of another shape."""
    own = module.state_dict()
    for name in own:
        if name not in tensors:
            raise TrainerError("geometry", f"{file} lacks {name}: it belongs to a model of another geometry", file=file,
                               hint="give the --model_config that the file was made with")
        if own[name].shape != tensors[name].shape:
            raise TrainerError("geometry", f"{file}: {name} is {list(tensors[name].shape)}, the model has {list(own[name].shape)}", file=file,
                               hint="give the --model_config that the file was made with")
    if left := sorted(set(tensors) - set(own)):
        raise TrainerError("geometry", f"{file} has {left[0]}, which the model lacks", file=file, hint="give the --model_config that the file was made with")
    module.load_state_dict(tensors)
