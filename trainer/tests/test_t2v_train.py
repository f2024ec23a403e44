"""Training with a micro model: the curve, resumption, several processes, and the ways in which a run ends."""

import json
import os
import resource
import shutil
import signal
import subprocess
from dataclasses import replace

import pytest
import torch

from t2v import bundle, checkpoint, settings, train, weights
from t2v_fixtures import MICRO, TRAINER, arguments, command, environment, losses, named, run, write_config

NEEDED = ["--data_json_path", "d", "--output_dir", "o"]


def test_events_tell_start_every_step_checkpoints_and_the_end(base):
    output, events = base
    start, done = named(events, "start")[0], named(events, "done")[0]
    assert start["parameters"] == start["trainable"] > 0 and start["world_size"] == 1 and start["device"] == "cpu" and start["code_version"]
    assert list(losses(events)) == list(range(1, 9))
    assert {"loss", "lr", "grad_norm", "seconds", "samples_per_second", "memory_mb"} <= set(named(events, "step")[0])
    assert [event["step"] for event in named(events, "checkpoint")] == [2, 4, 6, 8]
    assert done["path"] == str(output / "model") and done["step"] == 8


def test_only_the_newest_checkpoints_are_kept(base):
    output, _ = base
    assert sorted(path.name for path in output.iterdir()) == ["checkpoint-6", "checkpoint-8", "model"]


def test_final_model_holds_the_average_and_not_the_last_weights(base):
    output, _ = base
    last, average = (weights.read(output / "checkpoint-8" / name) for name in ("transformer.safetensors", "ema.safetensors"))
    final = weights.read(output / "model" / "transformer.safetensors")
    assert all(torch.equal(final[name], average[name]) for name in final)
    assert any(not torch.equal(final[name], last[name]) for name in final)


def test_loss_falls(data, tmp_path):
    code, events = run("t2v.train", *arguments(data, tmp_path, 60, "--learning_rate", 5e-3, "--checkpointing_steps", 0))
    curve = list(losses(events).values())
    assert code == 0 and sum(curve[-10:]) < 0.85 * sum(curve[:10])


def test_run_that_was_killed_goes_on_with_the_same_bits(data, base, tmp_path):
    straight, events = base
    wanted = arguments(data, tmp_path, 8, "--checkpointing_steps", 2, "--checkpoints_total_limit", 2)
    process = subprocess.Popen(command("t2v.train", *wanted), cwd=TRAINER, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        if json.loads(line).get("step") == 5:
            process.kill()
            break
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    code, resumed = run("t2v.train", *wanted, "--resume_from_checkpoint", "latest")
    assert code == 0 and named(resumed, "start")[0]["resumed_from"] == str(tmp_path / "checkpoint-4")
    assert losses(resumed) == {step: loss for step, loss in losses(events).items() if step > 4}
    for name in ("model/transformer.safetensors", "checkpoint-8/optimizer.safetensors", "checkpoint-8/ema.safetensors"):
        assert (tmp_path / name).read_bytes() == (straight / name).read_bytes()


def test_latest_without_a_checkpoint_begins_anew(data, tmp_path):
    code, events = run("t2v.train", *arguments(data, tmp_path, 1, "--resume_from_checkpoint", "latest"))
    assert code == 0 and named(events, "start")[0]["step"] == 0


def test_two_processes_give_the_curve_of_one_with_doubled_accumulation(data, tmp_path):
    code, one = run("t2v.train", *arguments(data, tmp_path / "one", 5, "--gradient_accumulation_steps", 2))
    assert code == 0
    code, two = run("t2v.train", *arguments(data, tmp_path / "two", 5), processes=2)
    assert code == 0 and named(two, "start")[0]["world_size"] == 2 and len(named(two, "start")) == 1
    assert list(losses(two)) == list(losses(one))
    assert all(abs(losses(two)[step] - losses(one)[step]) < 1e-4 for step in losses(one))


def test_sigterm_ends_after_the_step_with_a_checkpoint(data, tmp_path):
    process = subprocess.Popen(command("t2v.train", *arguments(data, tmp_path, 100_000, "--checkpointing_steps", 0)),
                               cwd=TRAINER, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    events, sent = [], False
    for line in process.stdout:
        events.append(json.loads(line))
        if not sent and events[-1].get("step") == 2:
            process.send_signal(signal.SIGTERM)
            sent = True
    process.stdout.close()
    assert process.wait() == 75
    error = events[-1]
    assert error["event"] == "error" and error["kind"] == "interrupted"
    assert named(events, "checkpoint")[-1]["step"] == error["step"] and (tmp_path / f"checkpoint-{error['step']}" / "state.json").exists()


def test_loss_that_is_not_finite_stops_and_keeps_the_last_good_checkpoint(data, tmp_path):
    code, events = run("t2v.train", *arguments(data, tmp_path, 50, "--learning_rate", 1e30, "--lr_scheduler", "constant", "--checkpointing_steps", 1,
                                               "--weight_decay", 0))
    error = events[-1]
    assert code == 5 and error["kind"] == "nan" and error["step"] == named(events, "step")[-1]["step"] + 1
    kept = checkpoint.all_in(tmp_path)[-1]
    assert str(kept) in error["hint"]
    assert all(torch.isfinite(value).all() for value in weights.read(kept / "transformer.safetensors").values())


@pytest.mark.parametrize("damage", ["cut", "nan", "shape"])
def test_latent_that_cannot_be_used_is_named(data, tmp_path, damage):
    shutil.copytree(data, tmp_path / "data")
    victim = sorted((tmp_path / "data" / "latent").glob("*.pt"))[4]
    good = torch.load(victim)
    if damage == "cut":
        victim.write_bytes(victim.read_bytes()[:100])
    else:
        torch.save(good * float("nan") if damage == "nan" else good[:, :, :2], victim)
    code, events = run("t2v.train", *arguments(tmp_path / "data", tmp_path / "out", 20))
    assert code == (4 if damage == "shape" else 3) and events[-1]["kind"] == ("geometry" if damage == "shape" else "data")
    assert events[-1]["file"] == str(victim)


def test_checkpoint_of_another_geometry_is_refused(data, base, tmp_path):
    output, _ = base
    shutil.copytree(data, tmp_path / "data")
    wider = replace(MICRO, transformer=replace(MICRO.transformer, double_blocks=2), autoencoder=bundle.read_config(data / "config.json").autoencoder)
    write_config(tmp_path / "data" / "config.json", wider)
    code, events = run("t2v.train", *arguments(tmp_path / "data", tmp_path / "out", 9, "--resume_from_checkpoint", output / "checkpoint-8"))
    assert code == 4 and "transformer.double_blocks is 1 in one and 2 in the other" in events[-1]["message"]
    code, events = run("t2v.train", *arguments(tmp_path / "data", tmp_path / "out", 9, "--init_from", output / "model"))
    assert code == 4 and events[-1]["kind"] == "geometry" and events[-1]["file"].endswith("transformer.safetensors")


def test_full_disk_ends_the_run_and_leaves_the_earlier_checkpoint(data, base, tmp_path):
    shutil.copytree(base[0] / "checkpoint-6", tmp_path / "checkpoint-6")
    limit = os.path.getsize(tmp_path / "checkpoint-6" / "optimizer.safetensors") // 2
    code, events = run("t2v.train", *arguments(data, tmp_path, 8, "--checkpointing_steps", 1, "--resume_from_checkpoint", "latest"),
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert code == 7 and events[-1]["kind"] == "disk" and str(tmp_path / "checkpoint-6") in events[-1]["hint"]
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-6"]


def test_memory_that_is_exhausted_suggests_a_smaller_micro_batch():
    outcome = train.events.classify(RuntimeError("[enforce fail at alloc_cpu.cpp:75] DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 B"))
    assert outcome.kind == "memory" and "--train_batch_size" in outcome.hint


@pytest.mark.parametrize("modules", [None, "all-linear"])
def test_adapter_trains_a_small_share_and_is_merged_for_sampling(data, base, tmp_path, modules):
    output, _ = base
    chosen = ("--lora_target_modules", modules) if modules else ()
    wanted = arguments(data, tmp_path, 3, "--use_lora", "--lora_rank", 2, "--lora_alpha", 2, *chosen, "--init_from", output / "model",
                       "--checkpointing_steps", 2, "--mixed_precision", "bf16", "--gradient_checkpointing")
    code, events = run("t2v.train", *wanted)
    assert code == 0
    start = named(events, "start")[0]
    assert start["trainable"] < (0.25 if modules else 0.1) * start["parameters"]
    assert (tmp_path / "lora-checkpoint-2" / "pytorch_lora_weights.safetensors").exists()
    adapted = {name.rsplit(".lora_", 1)[0] for name in weights.read(tmp_path / "model" / "pytorch_lora_weights.safetensors")}
    assert any(name.endswith("proj_mlp") for name in adapted) == bool(modules)
    stated = json.loads((tmp_path / "model" / "lora_config.json").read_text())["target_modules"]
    assert stated == ([modules] if modules else ["to_q", "to_k", "to_v", "to_out.0"])
    frozen = weights.read(output / "model" / "transformer.safetensors")
    kept = weights.read(tmp_path / "model" / "transformer.safetensors")
    assert all(torch.equal(kept[name], value) for name, value in frozen.items())
    code, resumed = run("t2v.train", *wanted, "--resume_from_checkpoint", tmp_path / "lora-checkpoint-2")
    assert code == 0 and losses(resumed)[3] == losses(events)[3]


def test_validation_samples_are_drawn_during_training(data, tmp_path):
    (tmp_path / "p.txt").write_text("A red square.\n\nA blue square.\n")
    code, events = run("t2v.train", *arguments(data, tmp_path / "out", 2, "--validation_steps", 2, "--validation_prompts", tmp_path / "p.txt",
                                               "--validation_sampling_steps", 2))
    shown = named(events, "validation")
    assert code == 0 and [event["prompt"] for event in shown] == ["A red square.", "A blue square."]
    assert all(event["seed"] == 12345 and event["step"] == 2 and os.path.getsize(event["path"]) > 500 for event in shown)


def test_file_gives_options_and_the_command_line_wins(data, tmp_path):
    (tmp_path / "o.json").write_text(json.dumps({"max_train_steps": 7, "train_batch_size": 3, "use_lora": False}))
    options = settings.parser("x").read(["--config", str(tmp_path / "o.json"), *NEEDED, "--max_train_steps", "2"], settings.PRESETS)
    assert (options.max_train_steps, options.train_batch_size, options.use_lora) == (2, 3, False)


@pytest.mark.parametrize("given", ["to_q, proj_mlp", ["to_q", "proj_mlp"]])
def test_modules_of_a_lora_are_text_with_commas_or_a_list_in_a_file(tmp_path, given):
    (tmp_path / "o.json").write_text(json.dumps({"lora_target_modules": given}))
    assert settings.parser("x").read(["--config", str(tmp_path / "o.json"), *NEEDED], settings.PRESETS).lora_target_modules == ("to_q", "proj_mlp")


def test_paper_preset_is_table_5():
    options = settings.parser("x").read(["--preset", "paper", *NEEDED], settings.PRESETS)
    assert (options.train_batch_size, options.gradient_accumulation_steps, options.learning_rate) == (32, 8, 5e-5)
    assert (options.lora_rank, options.lora_alpha) == (32, 32)
    assert (options.checkpointing_steps, options.checkpoints_total_limit, options.validation_steps, options.max_train_steps) == (100, 100, 1000, 50_000)
    assert options.use_lora and options.cfg == 0 and options.mixed_precision == "bf16"


@pytest.mark.parametrize("wrong", [["--learning_rate", "-1"], ["--max_train_steps", "many"], ["--unknown", "1"], ["--use_lora"]])
def test_wrong_option_is_a_usage_error(data, tmp_path, wrong):
    code, events = run("t2v.train", *arguments(data, tmp_path, 1, *wrong))
    assert code == 2 and [event["event"] for event in events] == ["error"] and events[0]["kind"] == "usage"


@pytest.mark.parametrize("scheduler, wanted", [("constant", [1, 1, 1]), ("constant_with_warmup", [0.5, 1, 1]), ("cosine", [0.5, 1, 0.5])])
def test_learning_rate_follows_its_schedule(scheduler, wanted):
    options = settings.parser("x").read([*NEEDED, "--lr_scheduler", scheduler, "--lr_warmup_steps", "2", "--max_train_steps", "12"])
    assert [train.rate_factor(step, options) for step in (0, 2, 7)] == pytest.approx(wanted)
