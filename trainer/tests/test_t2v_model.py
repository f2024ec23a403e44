"""The model's formulas against closed forms, and the geometry of HunyuanVideo."""

import math

import pytest
import torch

from t2v import config as configs, flow, rotary
from t2v.autoencoder import Autoencoder, fold, unfold
from t2v.blocks import RMSNorm, attend
from t2v.dit import DiT
from t2v.ema import Ema
from t2v.embeddings import sinusoid
from t2v.events import TrainerError
from t2v.meta import OnMeta, count
from t2v_fixtures import MICRO


def test_rotary_turns_each_pair_by_position_times_frequency():
    axes, theta = (4, 2, 2), 256.0
    angle = rotary.angles((2, 2, 3), axes, theta)
    t, h, w = 1, 0, 2
    expected = torch.tensor([t * 1.0, t * theta ** (-2 / 4), h * 1.0, w * 1.0])
    assert torch.allclose(angle[t * 6 + h * 3 + w], expected)
    x = torch.randn(12, 8, generator=torch.Generator().manual_seed(0))
    as_complex = torch.view_as_complex(x.unflatten(-1, (-1, 2))) * torch.polar(torch.ones_like(angle), angle)
    assert torch.allclose(rotary.rotate(x, angle), torch.view_as_real(as_complex).flatten(-2), atol=1e-6)


def test_rotated_products_depend_on_the_distance_alone():
    angle = rotary.angles((9, 1, 1), (8, 0, 0), 256.0)
    q, k = torch.randn(2, 8, generator=torch.Generator().manual_seed(1))
    product = lambda a, b: torch.dot(rotary.rotate(q[None], angle[a:a + 1])[0], rotary.rotate(k[None], angle[b:b + 1])[0])
    assert product(2, 5) == pytest.approx(product(5, 8).item(), abs=1e-5)
    assert abs(product(2, 5) - product(2, 6)) > 1e-3


def test_velocity_of_the_straight_path_is_noise_minus_data():
    data, noise = torch.randn(2, 3, 4, 2, 2, 2, generator=torch.Generator().manual_seed(0))
    sigma, step = torch.tensor([0.25, 0.5, 0.75]), 1e-3
    slope = (flow.noisy(data, noise, sigma + step) - flow.noisy(data, noise, sigma - step)) / (2 * step)
    assert torch.allclose(slope, flow.target(data, noise), atol=1e-3)
    assert torch.equal(flow.noisy(data, noise, torch.ones(3)), noise)


def test_training_draws_the_thousand_levels_of_the_scheduler():
    assert flow.sigma_of(torch.tensor([0.0, 0.4999, 0.5, 0.9999])).tolist() == pytest.approx([1.0, 0.501, 0.5, 0.001])


@pytest.mark.parametrize("shift", [1.0, 7.0])
def test_sampling_schedule_follows_the_shift(shift):
    levels = flow.schedule(4, shift)
    assert levels.tolist() == pytest.approx([shift * s / (1 + (shift - 1) * s) for s in (1, 0.75, 0.5, 0.25, 0)])
    assert len(flow.schedule(50)) == 51


def test_euler_reaches_the_data_where_the_velocity_is_exact():
    data, noise = torch.randn(2, 5, generator=torch.Generator().manual_seed(3))
    assert torch.allclose(flow.euler(lambda x, t: noise - data, noise, 7), data, atol=1e-6)


def test_timestep_embedding_is_cosines_then_sines():
    made = sinusoid(torch.tensor([3.0]), 4)[0]
    assert made.tolist() == pytest.approx([math.cos(3), math.cos(0.03), math.sin(3), math.sin(0.03)], abs=1e-6)


def test_rms_norm_divides_by_the_root_of_the_mean_square():
    assert RMSNorm(2)(torch.tensor([3.0, 4.0])).tolist() == pytest.approx([3 / math.sqrt(12.5), 4 / math.sqrt(12.5)], rel=1e-5)


def test_masked_keys_do_not_count():
    q, k, v = torch.randn(3, 1, 2, 5, 4, generator=torch.Generator().manual_seed(0))
    mask = torch.tensor([[True, True, True, False, False]])
    assert torch.allclose(attend(q, k, v, mask), attend(q, k[:, :, :3], v[:, :, :3]), atol=1e-6)


def test_padding_of_the_text_does_not_change_the_velocity():
    torch.manual_seed(0)
    model = awake(DiT(MICRO.transformer))
    latents, text, pooled = torch.randn(1, *MICRO.latent_shape()), torch.randn(1, 12, 16), torch.randn(1, 16)
    mask = (torch.arange(12) < 5)[None]
    other = torch.where(mask[:, :, None], text, torch.full_like(text, 9.0))
    at = torch.tensor([500.0])
    assert torch.allclose(model(latents, at, text, mask, pooled, at), model(latents, at, other, mask, pooled, at), atol=1e-5)
    assert not torch.allclose(model(latents, at, text, mask, pooled, at), model(latents, at, 2 * text, mask, pooled, at), atol=1e-3)


def awake(model):
    """Gives the parts that begin at zero some weight, so that everything reaches the output."""
    for parameter in model.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.2)
    return model


def test_patches_return_to_their_place():
    net = DiT(MICRO.transformer)
    latents = torch.randn(1, *MICRO.latent_shape())
    kernel, grid = net.config.patch, (2, 2, 3)
    blocks = latents.unflatten(4, (3, kernel[2])).unflatten(3, (2, kernel[1])).unflatten(2, (2, kernel[0]))
    tokens = blocks.permute(0, 2, 4, 6, 1, 3, 5, 7).flatten(4).flatten(1, 3)
    assert torch.equal(net.unpatch(tokens, grid), latents)


def test_recomputed_blocks_give_the_same_gradients():
    torch.manual_seed(0)
    model = awake(DiT(MICRO.transformer)).train()
    inputs = (torch.randn(1, *MICRO.latent_shape()), torch.tensor([300.0]), torch.randn(1, 12, 16), torch.ones(1, 12, dtype=torch.bool),
              torch.randn(1, 16), torch.tensor([1000.0]))
    gradients = []
    for checkpointing in (False, True):
        model.zero_grad()
        model.checkpointing = checkpointing
        model(*inputs).pow(2).sum().backward()
        gradients.append(model.transformer_blocks[0].attn.to_q.weight.grad.clone())
    assert torch.allclose(*gradients, rtol=1e-4, atol=1e-6)


def test_paper_geometry_has_the_13_billion_parameters_of_hunyuan_video():
    with OnMeta():
        model = DiT(configs.PAPER.check().transformer)
    d, text, pooled = 3072, 4096, 768
    linear = lambda inputs, outputs: inputs * outputs + outputs
    embedder = lambda inputs: linear(inputs, d) + linear(d, d)
    feed_forward = linear(d, 4 * d) + linear(4 * d, d)
    double = 2 * (linear(d, 6 * d) + 4 * linear(d, d) + feed_forward) + 4 * 128
    single = linear(d, 3 * d) + 3 * linear(d, d) + linear(d, 4 * d) + linear(5 * d, d) + 2 * 128
    refiner = embedder(256) + embedder(text) + linear(text, d) + 2 * (4 * linear(d, d) + feed_forward + linear(d, 2 * d) + 4 * d)
    ends = linear(16 * 4, d) + 2 * embedder(256) + embedder(pooled) + linear(d, 2 * d) + linear(d, 64)
    assert count(model.parameters()) == 20 * double + 40 * single + refiner + ends
    assert 12.7e9 < count(model.parameters()) < 12.9e9
    assert configs.PAPER.latent_shape() == (16, 24, 60, 106)


def test_latent_frames_see_no_later_frames():
    torch.manual_seed(0)
    model = awake(Autoencoder(MICRO.autoencoder)).eval()
    one, other = torch.randn(2, 1, 3, 9, 32, 48)
    other[:, :, :5] = one[:, :, :5]
    with torch.no_grad():
        a, b = model.encode(one), model.encode(other)
        assert a.shape == (1, 8, 3, 4, 6)
        assert torch.allclose(a[:, :, :2], b[:, :, :2], atol=1e-5) and not torch.allclose(a[:, :, 2], b[:, :, 2], atol=1e-3)
        assert torch.allclose(model.decode(a)[:, :, :5], model.decode(a[:, :, :2]), atol=1e-5)
        assert torch.allclose(model.encode(one[:, :, :1]), a[:, :, :1], atol=1e-5)


def test_folding_pixels_is_undone():
    pixels = torch.randn(1, 3, 2, 8, 12)
    assert torch.equal(unfold(fold(pixels, 4), 4), pixels)


def test_components_reconstruct_what_lies_in_their_span():
    torch.manual_seed(0)
    model = Autoencoder(MICRO.autoencoder).eval()
    brightness = torch.rand(4, 1, 3, 4, 6) - 0.5  # of whole blocks of 4 x 8 x 8
    pixels = brightness.repeat_interleave(4, 2).repeat_interleave(8, 3).repeat_interleave(8, 4).expand(-1, 3, -1, -1, -1)[:, :, 3:]
    model.set_components(pixels)
    with torch.no_grad():
        assert torch.allclose(model.decode(model.encode(pixels)), pixels, atol=1e-4)


def test_average_follows_its_recurrence_and_returns_the_weights():
    value = torch.nn.Parameter(torch.tensor([1.0]))
    ema = Ema({"w": value}, decay=0.5, start=2)
    for step, now in ((1, 2.0), (2, 4.0), (3, 8.0)):
        value.data.fill_(now)
        ema.update({"w": value}, step)
    first = 2 / 11 * 2 + 9 / 11 * 4  # the first updates count more: min(decay, (1 + n) / (10 + n))
    expected = 3 / 12 * first + 9 / 12 * 8
    assert ema.average["w"].item() == pytest.approx(expected)
    with ema.in_place_of({"w": value}):
        assert value.item() == pytest.approx(expected)
    assert value.item() == 8


@pytest.mark.parametrize("change", [{"num_frames": 6}, {"height": 40}, {"fps": 0.0}])
def test_numbers_that_do_not_fit_each_other_are_named(change):
    from dataclasses import replace
    with pytest.raises(TrainerError, match=next(iter(change))) as error:
        replace(MICRO, video=replace(MICRO.video, **change)).check()
    assert error.value.kind == "usage"


def test_configuration_survives_its_file(tmp_path):
    configs.save(MICRO, tmp_path / "config.json")
    assert configs.load(tmp_path / "config.json") == MICRO
    (tmp_path / "config.json").write_text('{"transformer": {"depth": 3}}')
    with pytest.raises(TrainerError, match="depth"):
        configs.load(str(tmp_path / "config.json"))
