"""Writes the text roles into a pack; roles of others are left as they are."""

import hashlib
import json
import warnings

import torch

from demo_pack import safetensors

from .fit import LONGEST, batch

VERSION = "1"
SOURCE = "trainer/text_pack (python3 -m text_pack.train)"
EMBEDDER, HEAD, VOCABULARY = "text_embedder.onnx", "text_classifier.safetensors", "vocab.txt"
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "last_hidden_state"


def write(folder, embedder, head, vocabulary):
    """Exports embedder, head and vocabulary, and names them in the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / VOCABULARY).write_text("".join(f"{piece}\n" for piece in vocabulary), encoding="utf-8")
    example = batch([[2, 7, 8, 9, 3], [2, 10, 3]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(embedder, example, str(folder / EMBEDDER), opset_version=14, input_names=list(INPUTS), output_names=[OUTPUT],
                          dynamic_axes={name: {0: "N", 1: "L"} for name in (*INPUTS, OUTPUT)})
    safetensors.write(folder / HEAD, {"layers.0.weight": head.linear.weight.detach().numpy(), "layers.0.bias": head.linear.bias.detach().numpy()})
    merge(folder, roles(folder, embedder.words.embedding_dim))


def roles(folder, width):
    """The manifest's entries of the text roles."""
    tokens = ["N", "L"]
    common = {"licence": "MIT", "source": SOURCE, "version": VERSION}
    return {
        "text-embedder": {
            **_file(folder, EMBEDDER),
            "inputs": [{"name": name, "shape": tokens, "type": "int64"} for name in INPUTS],
            "outputs": [{"name": OUTPUT, "shape": [*tokens, width], "type": "float32"}],
            "preprocessing": {"kind": "wordpiece", "vocabulary": VOCABULARY, "max_tokens": LONGEST, "pooling": "cls-l2"},
            **common, "extra": [_file(folder, VOCABULARY)]},
        "text-classifier": {
            **_file(folder, HEAD),
            "inputs": [{"name": "embedding", "shape": ["N", width], "type": "float32"}],
            "outputs": [{"name": "logit", "shape": ["N", 1], "type": "float32"}],
            "preprocessing": {"kind": "l2-normalise"}, **common},
    }


def merge(folder, entries):
    """Replaces the given roles in the folder's manifest and leaves all else as it is; writes a new one where there is none."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text()) if file.exists() else {"name": "demo", "demo": True, "version": VERSION, "roles": {}}
    manifest["roles"] = {**manifest["roles"], **entries}
    file.write_text(json.dumps(manifest, indent=2) + "\n")


def _file(folder, name):
    data = (folder / name).read_bytes()
    return {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
