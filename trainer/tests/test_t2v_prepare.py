"""Preparation: FastVideo's layout, what is left out and why, and bad input."""

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from t2v import bundle, config as configs, fit_text, prepare, prompts, source, video
from t2v.events import TrainerError
from t2v_fixtures import MICRO, item, named, square, write_config, write_export

FEW = ["--autoencoder_steps", "3", "--text_encoder_steps", "3"]


def prepared(capsys, *arguments):
    prepare.main([str(argument) for argument in arguments] + FEW)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture()
def export(tmp_path):
    video.write(square((9, 9, 9), height=96, width=32), tmp_path / "export" / "videos" / "narrow.mp4", 12)
    (tmp_path / "export" / "videos" / "broken.mp4").write_bytes(b"no video")
    extra = [item("narrow", ["A narrow clip."], width=32, height=96), item("brief", ["A brief clip."], frames=3), item("broken", ["A broken clip."]),
             item("long", ["A long clip."], frames=3000), item("mute", ["  "]), item("gone", ["A clip that is gone."])]
    for name in ("brief", "long", "mute"):
        (tmp_path / "export" / "videos" / f"{name}.mp4").write_bytes(b"never read")
    return write_export(tmp_path / "export", extra)


def test_layout_is_that_of_fastvideo(export, tmp_path, capsys):
    events = prepared(capsys, "--data_path", export, "--output_dir", tmp_path / "data", "--model_config", write_config(tmp_path / "micro.json"))
    items = json.loads((tmp_path / "data" / "videos2caption.json").read_text())
    assert len(items) == 4 * 3 and set(items[0]) == {"length", "latent_path", "prompt_embed_path", "prompt_attention_mask", "caption"}
    load = lambda folder, name: torch.load(tmp_path / "data" / folder / name)
    latent, embedding, mask = (load(folder, items[0][key]) for folder, key in
                               (("latent", "latent_path"), ("prompt_embed", "prompt_embed_path"), ("prompt_attention_mask", "prompt_attention_mask")))
    assert latent.dtype == torch.bfloat16 and tuple(latent.shape) == (8, 2, 4, 6) and items[0]["length"] == 2
    assert tuple(embedding.shape) == (1 + 12, 16) and tuple(mask.shape) == (12,) and mask.sum() >= 3
    assert named(events, "prepared")[0]["latent"] == [8, 2, 4, 6] and named(events, "clip")[-1]["done"] == named(events, "clip")[-1]["total"]


def test_what_is_left_out_is_reported_with_its_reason(export, tmp_path, capsys):
    events = prepared(capsys, "--data_path", export, "--output_dir", tmp_path / "data", "--model_config", write_config(tmp_path / "micro.json"))
    reasons = {left["clip"]: left["reason"] for left in named(events, "prepared")[0]["left_out"]}
    assert reasons == {"narrow": "aspect", "brief": "too-short", "broken": "unreadable", "long": "too-long", "mute": "no-caption", "gone": "missing-file"}
    assert json.loads((tmp_path / "data" / "prepared.json").read_text())["clips"] == 4


def test_equal_seeds_give_equal_files(tmp_path, capsys):
    write_export(tmp_path / "export")
    config = write_config(tmp_path / "micro.json")
    for name in ("a", "b"):
        prepared(capsys, "--data_path", tmp_path / "export", "--output_dir", tmp_path / name, "--model_config", config)
    files = [{file.relative_to(tmp_path / name): torch.load(file).tolist() for file in (tmp_path / name / "latent").glob("*.pt")} for name in ("a", "b")]
    assert files[0] == files[1]


def test_held_out_clips_are_listed_apart(tmp_path, capsys):
    write_export(tmp_path / "export")
    config = write_config(tmp_path / "m.json")
    prepared(capsys, "--data_path", tmp_path / "export", "--output_dir", tmp_path / "d", "--model_config", config, "--held_out", 0.25)
    away = json.loads((tmp_path / "d" / "held_out.json").read_text())
    names = {entry["latent_path"].rsplit("-", 1)[0] for entry in json.loads((tmp_path / "d" / "videos2caption.json").read_text())}
    assert len(away) == 1 and len(names) == 3 and not names & set(away)


def test_earlier_autoencoder_is_used_as_it_is(tmp_path, capsys):
    write_export(tmp_path / "export")
    prepared(capsys, "--data_path", tmp_path / "export", "--output_dir", tmp_path / "a", "--model_config", write_config(tmp_path / "m.json"))
    events = prepared(capsys, "--data_path", tmp_path / "export", "--output_dir", tmp_path / "b", "--autoencoder", tmp_path / "a", "--seed", 5)
    assert not named(events, "autoencoder")
    same = lambda name: (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert same("autoencoder.safetensors") and same("text_encoder.safetensors")


def test_no_usable_clip_is_a_data_error_and_leaves_no_folder(tmp_path, capsys):
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "videos2caption.json").write_text("[]")
    with pytest.raises(TrainerError, match="none of the 0 clips") as error:
        prepared(capsys, "--data_path", tmp_path / "export", "--output_dir", tmp_path / "data")
    assert error.value.kind == "data" and not (tmp_path / "data").exists()


@pytest.mark.parametrize("text", ["not json", "{}", '[{"path": "x.mp4"}]'])
def test_damaged_list_is_a_data_error_that_names_it(tmp_path, text):
    (tmp_path / "videos2caption.json").write_text(text)
    with pytest.raises(TrainerError, match="videos2caption.json") as error:
        source.read(tmp_path)
    assert error.value.kind == "data"


def test_paper_geometry_needs_encoders_that_are_not_here(tmp_path, capsys):
    with pytest.raises(TrainerError, match="autoencoder and text encoders") as error:
        prepared(capsys, "--data_path", tmp_path, "--output_dir", tmp_path / "d", "--model_config", "paper")
    assert error.value.kind == "missing"


def test_folder_with_other_files_is_not_replaced(tmp_path, capsys):
    write_export(tmp_path / "export")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(TrainerError, match="other files"):
        prepared(capsys, "--data_path", tmp_path / "export", "--output_dir", tmp_path / "mine", "--model_config", write_config(tmp_path / "m.json"))
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_paper_limits_are_those_of_fastvideo():
    clip = source.Clip("x", Path(__file__), 720, 480, 8.0, 71, ("a",))
    assert source.resampled(clip, 24.0) == 213
    assert source.left_out(clip, configs.PAPER.video) is None
    assert source.left_out(clip, replace(configs.PAPER.video, length_tolerance=2.0))[0] == "too-long"
    assert source.left_out(replace(clip, frames=30), configs.PAPER.video)[0] == "too-short"


def test_variants_are_made_of_whole_sentences():
    captions = ("One. Two. Three.", "Short.")
    made = {source.variant(captions, random.Random(seed)) for seed in range(50)}
    assert {"One. Two. Three.", "Short.", "One. Three."} <= made and all(set(text.split()) <= {"One.", "Two.", "Three.", "Short."} for text in made)


def test_prompt_file_skips_blank_lines_and_keeps_every_language(tmp_path):
    (tmp_path / "p.txt").write_text("\ufeff A  heart \n\n\t\n心臓の超音波\n<b>CT</b> & more\n", encoding="utf-8")
    assert prompts.read(tmp_path / "p.txt") == ["A heart", "心臓の超音波", "<b>CT</b> & more"]
    (tmp_path / "empty.txt").write_text(" \n\n")
    with pytest.raises(TrainerError, match="no prompts"):
        prompts.read(tmp_path / "empty.txt")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(TrainerError, match="UTF-8"):
        prompts.read(tmp_path / "latin.txt")


def test_halves_of_a_text_share_no_sentence():
    draw = random.Random(3)
    for _ in range(50):
        one, other = fit_text.halves("Red ants walk. Blue birds sing. Green frogs jump. Grey cats sleep.", draw)
        assert one and other and not {word for word in one.split()} & {word for word in other.split()}
    assert all(all(fit_text.halves(text, draw)) for text in ("Word", "Two words", "A sentence alone.") for _ in range(20))


def test_contrast_is_that_of_its_closed_form():
    one = torch.eye(4)[:3]
    near = 1 / fit_text.TEMPERATURE
    assert fit_text.contrast(3 * one, one).item() == pytest.approx(math.log1p(2 * math.exp(-near)), abs=1e-6)
    assert fit_text.contrast(one, one[[1, 2, 0]]).item() == pytest.approx(math.log(math.exp(near) + 2), rel=1e-4)


def test_texts_without_pictures_are_told_apart_where_they_are_in_the_corpus(tmp_path, capsys):
    write_export(tmp_path / "export")
    kinds = {"heart": ("The heart beats.", "A ventricle contracts.", "Valves of the heart open.", "Atria fill with blood."),
             "lung": ("Lungs are dark on a CT.", "Ribs lie around the lungs.", "A slice of the chest.", "A radiologist reads slices.")}
    (tmp_path / "corpus.json").write_text(json.dumps([" ".join(kinds[kind][place:] + kinds[kind][:place]) for kind in kinds for place in range(4)]))

    def likeness(name, *more):
        prepare.main(["--data_path", str(tmp_path / "export"), "--output_dir", str(tmp_path / name), "--model_config", str(write_config(tmp_path / "micro.json")),
                      "--autoencoder_steps", "2", "--text_encoder_steps", "300", *more])
        _, _, pooled = bundle.load(tmp_path / name).texts(["A ventricle contracts.", "The heart beats.", "Ribs lie around the lungs."])
        heart, same, lung = torch.nn.functional.normalize(pooled, dim=1)
        return (heart @ same - heart @ lung).item()

    assert likeness("with", "--text_corpus", str(tmp_path / "corpus.json")) > max(0.5, likeness("without"))
    with pytest.raises(TrainerError, match="no-such"):
        likeness("missing", "--text_corpus", str(tmp_path / "no-such.json"))


def test_empty_corpus_is_refused(tmp_path):
    (tmp_path / "corpus.txt").write_text("\n")
    write_export(tmp_path / "export")
    with pytest.raises(TrainerError, match="corpus.txt holds no prompts"):
        prepare.main(["--data_path", str(tmp_path / "export"), "--output_dir", str(tmp_path / "data"), "--model_config", str(write_config(tmp_path / "micro.json")),
                      "--autoencoder_steps", "3", "--text_corpus", str(tmp_path / "corpus.txt")])
