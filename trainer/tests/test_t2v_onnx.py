"""A model as a pack of ONNX files. That a runtime agrees with PyTorch on it is for the runtime's own tests."""

import hashlib
import json

import onnx
import pytest
import torch
from t2v_fixtures import MICRO, random_model, run

from t2v import export_onnx, lora, model as models, weights
from t2v.dit import DiT


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("onnx")
    model = random_model(folder / "model")
    code, events = run("t2v.export_onnx", "--model", model, "--output_dir", folder / "pack")
    assert code == 0, events
    return model, folder / "pack"


def test_the_manifest_names_what_the_files_hold(pack):
    _, folder = pack
    manifest = json.loads((folder / "manifest.json").read_text())
    assert list(manifest["roles"]) == ["text-to-video-text", "text-to-video", "text-to-video-decoder"]
    for entry in manifest["roles"].values():
        for file in (entry, *entry["extra"]):
            assert hashlib.sha256((folder / file["file"]).read_bytes()).hexdigest() == file["sha256"]
        net = onnx.load(folder / entry["file"])
        onnx.checker.check_model(net, full_check=True)
        assert [port.name for port in net.graph.input] == [port["name"] for port in entry["inputs"]]
        assert [port.name for port in net.graph.output] == [port["name"] for port in entry["outputs"]]
        axes = lambda port: [axis.dim_param or axis.dim_value for axis in port.type.tensor_type.shape.dim]
        assert [axes(port) for port in net.graph.input] == [port["shape"] for port in entry["inputs"]]
        for port, promised in zip(net.graph.output, entry["outputs"]):
            # The exporter leaves an axis free that it cannot prove to be fixed.
            assert len(axes(port)) == len(promised["shape"]) and all(isinstance(found, str) or found == wanted for found, wanted in zip(axes(port), promised["shape"]))


def test_the_exported_geometry_is_the_models(pack):
    _, folder = pack
    roles = json.loads((folder / "manifest.json").read_text())["roles"]
    shape = lambda role, port: next(one["shape"] for one in (*roles[role]["inputs"], *roles[role]["outputs"]) if one["name"] == port)
    assert shape("text-to-video", "latents") == shape("text-to-video", "velocity") == ["N", *MICRO.latent_shape()]
    assert shape("text-to-video-decoder", "pixels") == ["N", 3, MICRO.video.num_frames, MICRO.video.height, MICRO.video.width]
    assert shape("text-to-video-text", "text") == ["N", MICRO.text.length, MICRO.text.dim]


def test_a_lora_is_merged_into_the_exported_transformer(pack, tmp_path):
    model, plain = pack
    adapted = DiT(MICRO.transformer)
    weights.put(adapted, weights.read(model / models.TRANSFORMER), model)
    torch.manual_seed(1)
    parameters = lora.adapt(adapted, 4, 4)
    for value in parameters.values():
        value.data.normal_(std=0.3)
    (tmp_path / "lora").mkdir()
    weights.write(tmp_path / "lora" / models.LORA, lora.to_file(parameters))
    code, events = run("t2v.export_onnx", "--model", model, "--lora", tmp_path / "lora", "--output_dir", tmp_path / "pack")
    assert code == 0, events
    outputs = lambda folder, role: json.loads((folder / "reference.json").read_text())["roles"][role]["outputs"]
    assert outputs(tmp_path / "pack", "text-to-video")["velocity"]["first"] != outputs(plain, "text-to-video")["velocity"]["first"]
    assert outputs(tmp_path / "pack", "text-to-video-decoder") == outputs(plain, "text-to-video-decoder")


def test_what_stands_in_for_operations_while_exporting_gives_the_same():
    x = torch.arange(120.).reshape(2, 12, 5)
    for dim, sizes in ((1, (3, 4)), (-2, (-1, 6)), (2, (5, 1))):
        assert torch.equal(export_onnx.unflatten(x, dim, sizes), x.unflatten(dim, sizes))
    for dim in range(3):
        assert torch.equal(export_onnx.repeat_interleave(x, 3, dim), x.repeat_interleave(3, dim))


def test_a_folder_that_is_no_model_is_a_data_error(tmp_path):
    code, events = run("t2v.export_onnx", "--model", tmp_path, "--output_dir", tmp_path / "pack")
    assert (code, events[-1]["kind"]) == (3, "data")
    assert "config.json" in events[-1]["message"]
