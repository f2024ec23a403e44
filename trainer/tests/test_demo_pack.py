"""The committed demo pack keeps its contracts and decides rightly on a few held-out frames."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from demo_pack import export, pack as packs, safetensors, views
from demo_pack.nets import ClipVision, fold

PACK = Path(__file__).resolve().parents[2] / "models" / "demo"
FRAMES = Path(__file__).resolve().parent / "frames"
CASES = json.loads((FRAMES / "labels.json").read_text())
MANIFEST = json.loads((PACK / "manifest.json").read_text())
GRAPHS = [role for role, port in export.PORTS.items() if port[0].endswith(".onnx")]


@pytest.fixture(scope="module")
def pack():
    return packs.load(PACK)


def frame(case):
    return np.asarray(Image.open(FRAMES / case["file"]).convert("RGB").resize((854, 480), Image.BICUBIC))


@pytest.mark.parametrize("role", GRAPHS)
def test_graph_has_the_ports_of_its_role(role):
    file, (input_name, input_shape), (output_name, output_shape) = export.PORTS[role]
    model = onnx.load(PACK / file)
    onnx.checker.check_model(model, full_check=True)
    assert [opset.version for opset in model.opset_import if opset.domain == ""] == [14]
    for value, name, shape in ((model.graph.input[0], input_name, input_shape), (model.graph.output[0], output_name, output_shape)):
        assert value.name == name
        tensor = value.type.tensor_type
        assert tensor.elem_type == onnx.TensorProto.FLOAT
        assert [axis.dim_param or axis.dim_value for axis in tensor.shape.dim][0] == "N"
        assert [axis.dim_value for axis in tensor.shape.dim][1:] in (shape[1:], [0] * (len(shape) - 1))
    assert len(model.graph.input) == len(model.graph.output) == 1


@pytest.mark.parametrize("role", export.PORTS)
def test_manifest_describes_the_file(role):
    entry = MANIFEST["roles"][role]
    data = (PACK / entry["file"]).read_bytes()
    assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_pack_is_small_and_says_that_it_is_a_demo():
    assert MANIFEST["name"] == "demo" and MANIFEST["demo"] is True
    assert sum(file.stat().st_size for file in PACK.iterdir()) < 10_000_000


@pytest.mark.parametrize("role", GRAPHS)
def test_reference_values_belong_to_the_weights(pack, role):
    reference = json.loads((PACK / "reference.json").read_text())["roles"][role]
    with torch.no_grad():
        output = pack[role](torch.tensor(export.closed_form(reference["input_shape"])))[0]
    assert np.allclose(output[:4].numpy(), reference["first_outputs"], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_frame_is_judged_rightly(pack, case):
    picture = frame(case)
    random = np.random.default_rng(1)
    with torch.no_grad():
        embedding = pack["clip-vision"](views.clip_tensor(views.clip_view(picture)[None]))
        medical = pack["frame-classifier"](embedding).argmax(1).item()
        aesthetic = pack["aesthetic"](F.normalize(embedding)).item()
        technical = pack["dover-technical"].frame(views.dover_tensor(views.technical_view(picture, random)[None])).item()
        artistic = pack["dover-aesthetic"].frame(views.dover_tensor(views.aesthetic_view(picture)[None])).item()
    low, high = {"none": (4.2, 7.0), "blur": (0.0, 2.7), "noise": (3.1, 3.9)}[case["fault"]]
    assert medical == case["medical"]
    assert low <= aesthetic <= high
    overall = 1 / (1 + np.exp(-(0.6104 * (technical - 0.1107) / 0.07355 + 0.3896 * (artistic + 0.08285) / 0.03774)))
    assert overall > 0.5 if case["fault"] == "none" else overall < 0.2


def test_kinds_of_scene_are_told_apart(pack):
    clean = [case for case in CASES if case["fault"] == "none"]
    with torch.no_grad():
        unit = F.normalize(pack["clip-vision"](views.clip_tensor(np.stack([views.clip_view(frame(case)) for case in clean]))))
    cosine = (unit @ unit.T)[torch.triu_indices(len(clean), len(clean), 1).unbind()]
    assert cosine.max() <= 0.85


def test_video_score_is_the_mean_over_the_sampled_frames(pack):
    net = pack["dover-technical"]
    view = torch.rand(2, 3, 32, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = torch.stack([net.frame(view[:, :, t]) for t in (4, 12, 20, 28)]).mean(0)
        assert torch.allclose(net(view), expected, atol=1e-5)


def test_folding_the_norms_changes_nothing():
    torch.manual_seed(0)
    net = ClipVision()
    for _ in range(3):
        net(2 * torch.randn(4, 3, 224, 224) + 1)
    net.eval()
    pixels = torch.randn(2, 3, 224, 224)
    with torch.no_grad():
        before = net(pixels)
        assert torch.allclose(fold(net)(pixels), before, atol=1e-3)


def test_safetensors_round_trip(tmp_path):
    tensors = {"layers.0.weight": np.arange(6, dtype=np.float32).reshape(2, 3), "layers.0.bias": np.array([0.5, -1], np.float32)}
    safetensors.write(tmp_path / "x.safetensors", tensors)
    read = safetensors.read(tmp_path / "x.safetensors")
    assert all(np.array_equal(read[name], tensors[name]) for name in tensors)
    length = int.from_bytes((tmp_path / "x.safetensors").read_bytes()[:8], "little")
    assert length % 8 == 0


def test_technical_view_takes_pixels_from_their_own_cell():
    picture = np.zeros((480, 854, 3), np.uint8)
    picture[:480 // 7, :854 // 7] = 200
    view = views.technical_view(picture, np.random.default_rng(0))
    assert view[:32, :32].min() == 200 and view[32:].max() == 0 and view[:, 32:].max() == 0


def test_manifest_keeps_the_roles_of_others(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"name": "demo", "roles": {"text-embedder": {"file": "x"}, "clip-vision": {"file": "old"}}}))
    export.merge(tmp_path, {"name": "demo", "demo": True, "version": "2", "roles": {role: {"file": "new"} for role in export.PORTS}})
    made = json.loads((tmp_path / "manifest.json").read_text())
    assert made["version"] == "2" and made["roles"]["text-embedder"] == {"file": "x"}
    assert all(made["roles"][role] == {"file": "new"} for role in export.PORTS)
