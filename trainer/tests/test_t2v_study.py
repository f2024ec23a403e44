"""The study's plan: which commands it runs with which options, and what it reports."""

import json

import pytest

from t2v import everyday, prepare, recognise, settings, study

PARSERS = {"t2v.prepare": prepare.parser, "t2v.train": lambda: settings.parser(""), "t2v.recognise": recognise.parser}
EVENTS = {"start": {"parameters": 100, "trainable": 7}, "done": {"loss": 0.5},
          "recognition": {"event": "recognition", "time": 1.0, "rate": 0.75, "recognised": 3, "generated": 4, "chance": 1 / 7, "real_rate": 1.0}}


@pytest.fixture()
def ran(monkeypatch):
    """The commands of a study as (module, parsed options); each is parsed by the command's own parser."""
    commands = []

    def step(module, *arguments):
        commands.append((module, PARSERS[module]().read([str(argument) for argument in arguments])))
        return EVENTS

    monkeypatch.setattr(study, "step", step)
    monkeypatch.setattr(everyday, "write", lambda folder, demos, drawn: 3)
    monkeypatch.setattr(study, "corpus", lambda export: ["A text."])
    return commands


def test_full_part_trains_on_the_demo_and_judges_by_the_held_out_one(ran, tmp_path, capsys):
    study.main(["--demo", "A", "--held_out", "B", "--output_dir", str(tmp_path), "--part", "full"])
    (_, prepared), (_, trained), (_, judged) = ran
    assert [module for module, _ in ran] == ["t2v.prepare", "t2v.train", "t2v.recognise"]
    assert str(prepared.data_path) == "A/dataset" and trained.data_json_path.parent == prepared.output_dir and not trained.use_lora
    assert judged.model == trained.output_dir / "model" and str(judged.held_out) == "B" and str(judged.trained_on) == "A"
    event = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert event["event"] == "study" and event["full"]["rate"] == 0.75 and event["full"]["share"] == 0.07
    assert json.loads((tmp_path / "study.json").read_text())["full"]["recognised"] == 3


def test_base_of_the_lora_part_meets_no_medical_scene(ran, tmp_path, capsys):
    study.main(["--demo", "A", "--held_out", "B", "--output_dir", str(tmp_path), "--part", "lora"])
    base_data, base, data, adapter = (options for _, options in ran[:4])
    assert base_data.data_path == tmp_path / "base-export" and json.loads(base_data.text_corpus.read_text()) == ["A text."] and base.data_json_path.parent == base_data.output_dir
    assert data.autoencoder == base_data.output_dir and str(data.data_path) == "A/dataset"
    assert adapter.use_lora and adapter.lora_target_modules == ("all-linear",) and adapter.init_from == base.output_dir / "model" and adapter.data_json_path.parent == data.output_dir
    adapted = json.loads(capsys.readouterr().out.splitlines()[-1])["lora"]
    assert (adapted["parameters"], adapted["share"]) == (93, 7 / 93), "adapters are no weights of the base"


def test_command_that_fails_ends_the_study_with_its_kind(tmp_path):
    with pytest.raises(study.TrainerError, match="there is no model configuration") as error:
        study.step("t2v.prepare", "--data_path", tmp_path, "--output_dir", tmp_path / "x", "--model_config", "no-such")
    assert error.value.kind == "usage"
