"""LoRA: what is adapted, its size, its file, and the merge against the adapted model."""

import pytest
import torch

from t2v import config as configs, lora, weights
from t2v.dit import DiT
from t2v.events import TrainerError
from t2v.meta import OnMeta, count
from t2v_fixtures import MICRO


def test_rank_32_on_hunyuan_video_is_208_layers_with_40_894_464_parameters():
    with OnMeta():
        model = DiT(configs.PAPER.transformer)
        assert len(lora.targets(model)) == 208
        parameters = lora.adapt(model, 32, 32)
    assert count(parameters.values()) == 40_894_464 == 208 * 2 * 32 * 3072


def test_text_stream_and_feed_forward_are_not_adapted():
    names = lora.targets(DiT(MICRO.transformer))
    assert not any(part in name for name in names for part in ("add_", "ff", "proj_mlp", "norm"))
    assert sum(name.startswith("single_transformer_blocks.0") for name in names) == 3


def test_all_linear_layers_can_be_adapted_and_others_than_the_attention_chosen():
    model = DiT(MICRO.transformer)
    linear = {name for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)}
    assert set(lora.targets(model, ("all-linear",))) == linear
    chosen = lora.targets(model, ("norm1.linear", "proj_mlp"))
    assert {name.rsplit(".", 2)[-2] + "." + name.rsplit(".", 1)[-1] for name in chosen} == {"norm1.linear", *(f"{n}.proj_mlp" for n in range(MICRO.transformer.single_blocks))}


def test_module_that_the_model_lacks_is_refused_by_name():
    with pytest.raises(TrainerError, match="no linear layer to_x") as error:
        lora.targets(DiT(MICRO.transformer), ("to_q", "to_x"))
    assert error.value.kind == "usage" and "to_q" in error.value.hint and "all-linear" in error.value.hint


def test_file_has_the_keys_that_load_lora_weights_reads(tmp_path):
    parameters = lora.adapt(DiT(MICRO.transformer), 4, 4)
    weights.write(tmp_path / "x.safetensors", lora.to_file(parameters))
    keys = set(weights.read(tmp_path / "x.safetensors"))
    assert {"transformer.transformer_blocks.0.attn.to_q.lora_A.weight", "transformer.transformer_blocks.0.attn.to_out.0.lora_B.weight",
            "transformer.single_transformer_blocks.0.attn.to_v.lora_B.weight",
            "transformer.context_embedder.token_refiner.refiner_blocks.0.attn.to_k.lora_A.weight"} <= keys
    assert len(keys) == 2 * len(lora.targets(DiT(MICRO.transformer)))


def adapted(rank=4, alpha=8, modules=lora.TARGETS):
    torch.manual_seed(0)
    plain = DiT(MICRO.transformer)
    for parameter in plain.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.2)
    model = DiT(MICRO.transformer)
    model.load_state_dict(plain.state_dict())
    parameters = lora.adapt(model, rank, alpha, modules)
    for name, value in parameters.items():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.1)
    return plain.eval(), model.eval(), {name: value.detach() for name, value in parameters.items()}


def velocity(model):
    draw = torch.Generator().manual_seed(5)
    at = torch.tensor([400.0])
    with torch.no_grad():
        return model(torch.randn(1, *MICRO.latent_shape(), generator=draw), at, torch.randn(1, 12, 16, generator=draw), torch.ones(1, 12, dtype=torch.bool),
                     torch.randn(1, 16, generator=draw), at)


def test_merged_weights_are_w_plus_alpha_over_rank_b_a():
    plain, model, parameters = adapted()
    before = plain.transformer_blocks[0].attn.to_q.weight.detach().clone()
    unadapted = velocity(plain)
    lora.merge(plain, lora.to_file(parameters), alpha=8)
    name = "transformer_blocks.0.attn.to_q"
    product = parameters[f"{name}.lora_B.weight"] @ parameters[f"{name}.lora_A.weight"]
    assert torch.allclose(plain.transformer_blocks[0].attn.to_q.weight, before + 2 * product, atol=1e-6)
    assert torch.allclose(velocity(plain), velocity(model), atol=1e-4)
    assert not torch.allclose(velocity(plain), unadapted, atol=1e-2)


def test_merged_weights_of_all_linear_layers_predict_what_the_adapted_model_does():
    plain, model, parameters = adapted(modules=("all-linear",))
    unadapted = velocity(plain)
    lora.merge(plain, lora.to_file(parameters), alpha=8)
    assert torch.allclose(velocity(plain), velocity(model), atol=1e-4)
    assert not torch.allclose(velocity(plain), unadapted, atol=1e-2)


def test_new_adapter_changes_nothing():
    torch.manual_seed(0)
    linear = torch.nn.Linear(6, 5)
    x = torch.randn(3, 6)
    assert torch.equal(lora.LoraLinear(linear, 2, 2)(x), linear(x))


def test_lora_of_another_model_is_refused_by_name():
    plain, _, parameters = adapted()
    wrong = {name: value[:, :-1] if name.endswith("lora_A.weight") else value for name, value in lora.to_file(parameters).items()}
    with pytest.raises(TrainerError, match="do not fit") as error:
        lora.merge(plain, wrong)
    assert error.value.kind == "geometry"


def test_weights_survive_their_file_in_every_type(tmp_path):
    tensors = {"a": torch.randn(2, 3), "b": torch.randn(4).bfloat16(), "c": torch.tensor(7.0), "d": torch.zeros(0, 2)}
    weights.write(tmp_path / "x.safetensors", tensors)
    read = weights.read(tmp_path / "x.safetensors")
    assert all(torch.equal(read[name], value) and read[name].dtype == value.dtype for name, value in tensors.items())


@pytest.mark.parametrize("damage", [lambda data: data[:-4], lambda data: data[:5], lambda data: b"\xff" * 8 + data[8:],
                                    lambda data: data[:8] + b"?" + data[9:]])
def test_damaged_weights_are_a_data_error_that_names_the_file(tmp_path, damage):
    weights.write(tmp_path / "x.safetensors", {"a": torch.randn(2, 3)})
    (tmp_path / "x.safetensors").write_bytes(damage((tmp_path / "x.safetensors").read_bytes()))
    with pytest.raises(TrainerError, match="x.safetensors") as error:
        weights.read(tmp_path / "x.safetensors")
    assert error.value.kind == "data"
