"""The safetensors container, written and read by hand: 8 bytes little-endian header length, JSON header, raw tensors."""

import json
import struct

import numpy as np


def write(file, tensors):
    """Writes float32 arrays by name; the data begins at a multiple of 8 bytes."""
    header, at = {}, 0
    arrays = {name: np.ascontiguousarray(value, "<f4") for name, value in tensors.items()}
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values()))


def read(file):
    """Reads float32 arrays by name."""
    data = file.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + length])
    body = data[8 + length:]
    return {
        name: np.frombuffer(body[entry["data_offsets"][0]:entry["data_offsets"][1]], "<f4").reshape(entry["shape"])
        for name, entry in header.items() if name != "__metadata__"}
