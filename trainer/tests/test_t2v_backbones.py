"""Pretrained pipelines of diffusers as backbones, against the stand-ins of tests/stand_ins: the real packages and weights have not been run."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from t2v import backbones, bundle, config as configs, dataset, flow, pipelines, prepare, serve, settings, train, video, weights
from t2v.distributed import World
from t2v.events import TrainerError
from t2v_fixtures import arguments, losses, named, run, write_export

STAND_INS = Path(__file__).resolve().parent / "stand_ins"
FAMILIES = list(backbones.FAMILIES)
FRAMES = {"hunyuan_hf": 9, "mochi": 7, "wan": 9}
LATENTS = {"hunyuan_hf": 3, "mochi": 2, "wan": 3}
LORA = ["--use_lora", "--lora_rank", 4, "--lora_alpha", 8, "--cfg", 0]
TINY = {"num_attention_heads": 2, "attention_head_dim": 8, "num_layers": 1}
SIZES = {"hunyuan_hf": {"num_single_layers": 1, "text_embed_dim": 16, "pooled_projection_dim": 8}, "mochi": {"text_embed_dim": 16}, "wan": {"text_dim": 16}}


@pytest.fixture(scope="module")
def stand_ins():
    """diffusers and peft as this folder has them, for this process and those that it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(STAND_INS))
        patch.setenv("PYTHONPATH", str(STAND_INS))
        forget()
        import diffusers
        yield diffusers
    forget()


def forget():
    for name in [name for name in sys.modules if name.split(".")[0] in ("diffusers", "peft")]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    return write_export(tmp_path_factory.mktemp("backbones") / "export")


@pytest.fixture(scope="module")
def made(stand_ins, export):
    """A function that gives (pipeline's folder, prepared data) of a family, each made once."""
    known = {}

    def of(name):
        if name not in known:
            path, data = write_pipeline(stand_ins, name, export.parent / name), export.parent / f"{name}-data"
            prepare.main([str(value) for value in ("--data_path", export, "--output_dir", data, *naming(name, path), *shape(name), "--windows_per_clip", 2)])
            known[name] = path, data
        return known[name]
    return of


def write_pipeline(diffusers, name, folder):
    """The folder of a pipeline of a family with random weights."""
    torch.manual_seed(3)
    family = backbones.FAMILIES[name]
    scheduler = {"hunyuan_hf": lambda: diffusers.FlowMatchEulerDiscreteScheduler(shift=7.0), "wan": lambda: diffusers.UniPCMultistepScheduler(flow_shift=3.0),
                 "mochi": lambda: diffusers.FlowMatchEulerDiscreteScheduler(invert_sigmas=True)}[name]()
    parts = {"transformer": getattr(diffusers, family.transformer)(**TINY, **SIZES[name]), "vae": getattr(diffusers, family.autoencoder)()}
    getattr(diffusers, family.pipeline)(scheduler=scheduler, **parts).save_pretrained(folder)
    return folder


def naming(name, path):
    return ["--model_type", name, "--pretrained_model_name_or_path", path]


def shape(name):
    return ["--num_frames", FRAMES[name], "--max_height", 32, "--max_width", 48, "--train_fps", 8]


def read(*given):
    return settings.parser("x").read([str(value) for value in given], settings.PRESETS)


def started(made, name, output, steps, *more):
    """A run in this process, before its first step."""
    path, data = made(name)
    return train.Run(read(*arguments(data, output, steps, *naming(name, path), "--lr_scheduler", "constant", *more)), World())


def told(capsys, act):
    """What act() tells the host."""
    capsys.readouterr()
    act()
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("name", ["diffusers", "peft"])
def test_package_that_is_not_installed_is_named(stand_ins, made, monkeypatch, tmp_path, name):
    made("wan")
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(TrainerError, match=f"{name} is not installed") as error:
        started(made, "wan", tmp_path, 1, *LORA)
    assert error.value.kind == "missing" and error.value.hint == "pip install diffusers peft transformers accelerate"


def test_diffusers_without_the_family_is_told(stand_ins, made, monkeypatch):
    path, _ = made("wan")
    monkeypatch.delattr(stand_ins, "WanTransformer3DModel")
    with pytest.raises(TrainerError, match="diffusers stand-in has no WanTransformer3DModel") as error:
        backbones.Wan(path)
    assert error.value.kind == "missing"


def test_folder_that_is_no_pipeline_of_the_family_is_a_data_error_that_names_it(made, tmp_path):
    path, _ = made("wan")
    shutil.copytree(path, tmp_path / "two")
    index = json.loads((path / "model_index.json").read_text())
    (tmp_path / "two" / "model_index.json").write_text(json.dumps({**index, "transformer_2": ["diffusers", "WanTransformer3DModel"]}))
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "model_index.json").write_text(json.dumps(index))
    for family, folder, why in ((backbones.Mochi, path, "names WanPipeline, not MochiPipeline"), (backbones.Wan, tmp_path, "no file named model_index.json"),
                                (backbones.Wan, tmp_path / "two", "two transformers"), (backbones.Wan, tmp_path / "cut", "no file named config.json")):
        with pytest.raises(TrainerError, match=why) as error:
            family(folder)
        assert error.value.kind == "data" and error.value.file == str(folder)


@pytest.mark.parametrize("wrong", [["--model_type", "wan"], ["--pretrained_model_name_or_path", "x"], naming("wan2", "x"),
                                   [*naming("wan", "x"), "--init_from", "y"]])
def test_options_that_contradict_each_other_are_usage_errors(wrong):
    with pytest.raises(TrainerError) as error:
        backbones.opened(read("--data_json_path", "d", "--output_dir", "o", *wrong))
    assert error.value.kind == "usage"


@pytest.mark.parametrize("name", FAMILIES)
def test_preparation_has_one_layout_and_unscaled_latents(made, stand_ins, export, name):
    path, data = made(name)
    family, items = backbones.FAMILIES[name], json.loads((data / "videos2caption.json").read_text())
    latent, embedding, mask = (torch.load(data / folder / items[0]["latent_path"]) for folder in prepare.FOLDERS)
    channels, words = (12 if name == "mochi" else 16), len(items[0]["caption"].split()) + 1
    assert len(items) == 8 and latent.dtype == torch.bfloat16 and tuple(latent.shape) == (channels, LATENTS[name], 4, 6)
    assert tuple(embedding.shape) == (1 + family.text_length, 16) and mask.sum() == words and embedding[1:][~mask].eq(0).all()
    pooled = 8 if name == "hunyuan_hf" else 0
    assert embedding[0, :pooled].ne(0).all() and embedding[0, pooled:].eq(0).all()
    kept = getattr(stand_ins, family.autoencoder).from_pretrained(path, subfolder="vae")
    frames = video.read(export / "videos" / f"{items[0]['latent_path'].rsplit('-', 1)[0]}.mp4", 32, 48, 8)
    wanted = [kept.encode(video.to_pixels(frames[start:start + FRAMES[name]])[None]).latent_dist.mode()[0] for start in range(len(frames) - FRAMES[name] + 1)]
    assert min((latent.float() - one).abs().max() for one in wanted) < 0.02
    assert bundle.read_config(data / "config.json").name == name


class Exact(torch.nn.Module):
    """Answers with the velocity towards known scaled latents, by the timestep and in the sign of a family's pipeline; takes what its transformer takes."""

    def __init__(self, real, latents, inverted):
        super().__init__()
        self.real, self.latents, self.inverted = type(real), latents, inverted

    def forward(self, **given):
        self.real.forward(self.inner, **given)
        assert given["return_dict"] is False
        x, time = given["hidden_states"], given["timestep"].view(-1, 1, 1, 1, 1) / 1000
        sigma = 1 - time if self.inverted else time
        noise = (x - (1 - sigma) * self.latents) / sigma
        return ((self.latents - noise) if self.inverted else (noise - self.latents),)


@pytest.mark.parametrize("name", FAMILIES)
def test_exact_answer_in_the_familys_convention_has_no_loss(made, tmp_path, name):
    run, (_, data) = started(made, name, tmp_path, 1, "--cfg", 0), made(name)
    run.samples.items = run.samples.items[:1]
    stored = torch.load(data / "latent" / run.samples.items[0]["latent_path"]).float()
    # The constants of the stand-ins' autoencoders, by the formulas of the pipelines.
    channel = torch.arange(len(stored)).view(-1, 1, 1, 1)
    scaled = {"hunyuan_hf": lambda: 0.476986 * stored, "mochi": lambda: (stored - 0.1 * channel) * 1.0 / (1 + 0.1 * channel),
              "wan": lambda: (stored - 0.05 * channel) / (2 - 0.1 * channel)}[name]()
    exact = Exact(run.model, scaled, name == "mochi")
    object.__setattr__(exact, "inner", run.model)
    run.wrapped = exact
    assert run.loss_of(range(6)) < 1e-6
    exact.inverted = not exact.inverted
    assert run.loss_of(range(6)) > 0.1


def test_hunyuan_is_told_a_guidance_of_one(made, tmp_path):
    run, seen = started(made, "hunyuan_hf", tmp_path, 1), {}
    batch = run.samples.batch([0, 1])
    run.backbone.velocity(lambda **given: seen.update(given) or (given["hidden_states"],), batch.latents, torch.tensor([0.25, 1.0]), batch)
    assert seen["guidance"].tolist() == [1000, 1000] and seen["timestep"].tolist() == [250, 1000] and tuple(seen["pooled_projections"].shape) == (2, 8)


@pytest.mark.parametrize("name", FAMILIES)
def test_adapters_train_and_have_the_keys_that_load_lora_weights_reads(made, tmp_path, capsys, name):
    run = started(made, name, tmp_path, 40, *LORA, "--learning_rate", 2e-2, "--gradient_checkpointing")
    frozen = {key: value.clone() for key, value in run.model.named_parameters() if not value.requires_grad}
    curve = list(losses(told(capsys, run.all_steps)).values())
    assert sum(curve[-10:]) < 0.95 * sum(curve[:10])
    assert run.model.gradient_checkpointing and all(torch.equal(dict(run.model.named_parameters())[key], value) for key, value in frozen.items())
    tensors = weights.read(tmp_path / "model" / "pytorch_lora_weights.safetensors")
    layers = {"hunyuan_hf": ["transformer_blocks.0.attn", "single_transformer_blocks.0.attn"], "mochi": ["transformer_blocks.0.attn1"],
              "wan": ["blocks.0.attn1", "blocks.0.attn2"]}[name]
    assert set(tensors) == {f"transformer.{layer}.{target}.lora_{side}.weight" for layer in layers for target in ("to_q", "to_k", "to_v", "to_out.0")
                            for side in "AB"}
    assert all(value.dtype == torch.float32 for value in tensors.values())
    assert json.loads((tmp_path / "model" / "lora_config.json").read_text())["lora_alpha"] == 8
    told_of = json.loads((tmp_path / "model" / "backbone.json").read_text())
    assert told_of["model_type"] == name and told_of["pretrained_model_name_or_path"] == str(made(name)[0]) and told_of["code_version"]
    assert (told_of["video"]["num_frames"], told_of["video"]["height"], told_of["video"]["width"], told_of["video"]["fps"]) == (FRAMES[name], 32, 48, 8.0)
    assert sorted(file.name for file in (tmp_path / "model").iterdir()) == ["backbone.json", "config.json", "lora_config.json",
                                                                            "pytorch_lora_weights.safetensors"]


def test_base_is_in_bfloat16_and_adapters_are_not(made, tmp_path, capsys):
    run = started(made, "hunyuan_hf", tmp_path, 2, *LORA, "--mixed_precision", "bf16")
    assert all(value.dtype == (torch.float32 if value.requires_grad else torch.bfloat16) for value in run.model.parameters())
    assert all(torch.isfinite(torch.tensor(loss)) for loss in losses(told(capsys, run.all_steps)).values())


@pytest.mark.parametrize("more", [LORA, ["--cfg", 0.2]], ids=["lora", "full"])
def test_resumed_run_continues_with_the_same_bits(made, tmp_path, capsys, more):
    straight = losses(told(capsys, started(made, "wan", tmp_path / "a", 4, *more).all_steps))
    told(capsys, started(made, "wan", tmp_path / "b", 4, *more, "--checkpointing_steps", 2).all_steps)
    shutil.rmtree(next((tmp_path / "b").glob("*checkpoint-4")))
    resumed = losses(told(capsys, started(made, "wan", tmp_path / "b", 4, *more, "--resume_from_checkpoint", "latest").all_steps))
    assert resumed == {step: straight[step] for step in (3, 4)}
    file = "pytorch_lora_weights.safetensors" if more is LORA else "transformer.safetensors"
    assert (tmp_path / "a" / "model" / file).read_bytes() == (tmp_path / "b" / "model" / file).read_bytes()


def test_two_processes_give_the_curve_of_one_with_doubled_accumulation(made, tmp_path, capsys):
    path, data = made("hunyuan_hf")
    one = losses(told(capsys, started(made, "hunyuan_hf", tmp_path / "one", 2, *LORA, "--gradient_accumulation_steps", 2).all_steps))
    code, two = run("t2v.train", *arguments(data, tmp_path / "two", 2, *naming("hunyuan_hf", path), *LORA, "--lr_scheduler", "constant"), processes=2)
    assert code == 0 and all(abs(losses(two)[step] - one[step]) < 1e-4 for step in one)


def test_data_of_another_geometry_is_refused(made, tmp_path):
    hunyuan, wan = made("hunyuan_hf"), made("wan")
    options = lambda data: read(*arguments(data, tmp_path / "out", 1, *naming("wan", wan[0])))
    with pytest.raises(TrainerError, match="transformer.single_blocks is 1 in one and 0 in the other") as error:
        train.Run(options(hunyuan[1]), World())
    assert error.value.kind == "geometry"
    shutil.copytree(hunyuan[1], tmp_path / "data")
    (tmp_path / "data" / "config.json").unlink()
    with pytest.raises(TrainerError, match=r"\[257, 16\], the model takes \[1 \+ 512, 16\]") as error:
        train.Run(options(tmp_path / "data"), World())
    assert error.value.kind == "geometry"
    with pytest.raises(TrainerError, match=r"\[16, 3, 4, 6\], the model takes \[12, 3, 4, 6\]"):
        train.Run(read(*arguments(tmp_path / "data", tmp_path / "out", 1, *naming("mochi", made("mochi")[0]))), World())
    with pytest.raises(TrainerError, match="the model takes"):
        train.Run(read(*arguments(hunyuan[1], tmp_path / "out", 1)), World())


def test_pooled_text_where_the_family_takes_none_is_refused(made, tmp_path):
    path, data = made("mochi")
    shutil.copytree(data, tmp_path / "data")
    file = sorted((tmp_path / "data" / "prompt_embed").iterdir())[0]
    embedding = torch.load(file)
    embedding[0, 0] = 1
    torch.save(embedding, file)
    samples = dataset.Samples(tmp_path / "data" / "videos2caption.json", bundle.read_config(data / "config.json"))
    with pytest.raises(TrainerError, match="pooled text of more numbers than the 0") as error:
        samples[[item["latent_path"] for item in samples.items].index(file.name)]
    assert error.value.kind == "geometry"


def test_latents_of_fastvideos_preprocessing_say_their_shape_themselves(made, tmp_path):
    path, data = made("mochi")
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data" / "config.json").unlink()
    for file in (tmp_path / "data" / "prompt_embed").iterdir():
        torch.save(torch.load(file)[1:], file)  # FastVideo writes no row 0 for Mochi
    run = train.Run(read(*arguments(tmp_path / "data", tmp_path / "out", 1, *naming("mochi", path))), World())
    assert replace(run.config.video, length_tolerance=0) == replace(backbones.Mochi.video, num_frames=7, height=32, width=48, length_tolerance=0)
    assert tuple(run.samples[0][1].shape) == (256, 16) and tuple(run.samples[0][3].shape) == (0,)


def test_paper_preset_gives_a_backbone_the_papers_run():
    options = read("--preset", "paper", "--data_json_path", "d", "--output_dir", "o", *naming("hunyuan_hf", "x"))
    assert options.model_type == "hunyuan_hf" and options.use_lora and options.lora_rank == 32
    assert configs.load(options.model_config).video == backbones.Hunyuan.video
    assert read("--preset", "paper", "--data_json_path", "d", "--output_dir", "o").model_type == "t2v"


@pytest.mark.parametrize("name", FAMILIES)
def test_prepared_trained_and_sampled_from_end_to_end(stand_ins, export, tmp_path, name):
    path, data, out = write_pipeline(stand_ins, name, tmp_path / "pipeline"), tmp_path / "data", tmp_path / "out"
    code, events = run("t2v.prepare", "--data_path", export, "--output_dir", data, *naming(name, path), *shape(name), "--windows_per_clip", 1)
    assert code == 0 and named(events, "prepared")[0]["clips"] == 4
    (tmp_path / "p.txt").write_text("A red square.\n")
    code, events = run("t2v.train", *arguments(data, out, 2, *naming(name, path), *LORA, "--validation_steps", 2, "--validation_prompts", tmp_path / "p.txt",
                                               "--validation_sampling_steps", 2))
    assert code == 0 and video.read(named(events, "validation")[0]["path"], 32, 48, 8).shape == (FRAMES[name], 32, 48, 3)
    code, events = run("t2v.sample", "--model", named(events, "done")[0]["path"], "--prompts", tmp_path / "p.txt", "--output_dir", tmp_path / "clips",
                       "--seeds", 2, "--steps", 2)
    drawn = named(events, "generated")
    assert code == 0 and [event["frames"] for event in drawn] == [FRAMES[name]] * 2 and drawn[0]["sha256"] != drawn[1]["sha256"]
    assert video.read(drawn[0]["output"], 32, 48, 8).shape == (FRAMES[name], 32, 48, 3)


@pytest.mark.parametrize("name", FAMILIES)
def test_sampler_draws_as_euler_steps_of_the_trained_velocity(made, tmp_path, capsys, name):
    """Alpha is twice the rank: a sampler that dropped it would draw something else. Mochi's schedule takes no shift."""
    run = started(made, name, tmp_path, 6, *LORA, "--learning_rate", 2e-2, "--ema_decay", 0)
    told(capsys, run.all_steps)
    sampler, shift = pipelines.load(tmp_path / "model"), (1.0 if name == "mochi" else 5.0)
    frames = sampler.draw("A red square.", 4, 3, 1.0, 5.0)
    assert (frames == sampler.draw("A red square.", 4, 3, 1.0, 5.0)).all() and (frames != sampler.draw("A red square.", 5, 3, 1.0, 5.0)).any()
    hidden, mask, pooled = run.backbone.texts(sampler.pipeline, ["A red square."], "cpu")
    batch = dataset.Batch(None, hidden, mask.bool(), pooled)
    noise = torch.randn(1, *run.config.latent_shape(), generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        latents = flow.euler(lambda x, t: run.backbone.velocity(run.model.eval(), x, t.expand(1) / 1000, batch), noise, 3, shift)
        pixels = sampler.pipeline.vae.decode(latents * run.samples.std + run.samples.mean)[0][0]
    assert abs(video.to_frames(pixels).astype(int) - frames).max() <= 1


def test_fully_trained_transformer_is_drawn_with(made, tmp_path, capsys):
    run = started(made, "wan", tmp_path, 2, "--ema_decay", 0)
    told(capsys, run.all_steps)
    kept = dict(pipelines.load(tmp_path / "model").pipeline.transformer.named_parameters())
    assert all(torch.equal(kept[name], value) for name, value in run.parameters.items()) and run.parameters.keys() == kept.keys()


def test_lora_of_another_model_and_damaged_folders_are_told(made, tmp_path, capsys):
    told(capsys, started(made, "wan", tmp_path / "wan", 1, *LORA).all_steps)
    told(capsys, started(made, "mochi", tmp_path / "mochi", 1, *LORA).all_steps)
    with pytest.raises(TrainerError, match="do not fit") as error:
        pipelines.load(tmp_path / "wan" / "model", tmp_path / "mochi" / "model")
    assert error.value.kind == "geometry"
    (tmp_path / "wan" / "model" / "backbone.json").write_text("{}")
    with pytest.raises(TrainerError, match="backbone.json is damaged") as error:
        serve.Server(tmp_path / "wan" / "model")
    assert error.value.kind == "data"


def test_export_is_checked_as_for_our_own_model(stand_ins, export, tmp_path, capsys):
    shutil.copytree(export, tmp_path / "export")
    (tmp_path / "export" / "videos" / "red.mp4").unlink()
    path = write_pipeline(stand_ins, "wan", tmp_path / "pipeline")
    given = ["--data_path", tmp_path / "export", "--output_dir", tmp_path / "data", *naming("wan", path)]
    made = named(told(capsys, lambda: prepare.main([str(value) for value in (*given, *shape("wan"))])), "prepared")[0]
    assert made["clips"] == 3 and [(left["clip"], left["reason"]) for left in made["left_out"]] == [("red", "missing-file")]
    with pytest.raises(TrainerError, match="none of the 4 clips"):
        prepare.main([str(value) for value in given])  # 81 frames at 16 fps, which no clip of two seconds has
    with pytest.raises(TrainerError, match="must be a multiple of 16"):
        prepare.main([str(value) for value in (*given, *shape("wan"), "--max_width", 40)])
