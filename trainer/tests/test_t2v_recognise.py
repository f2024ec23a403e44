"""The study's parts: labels from a demo's truth, everyday clips for a base, the classifier."""

import json
from pathlib import Path

import pytest
import torch

from PIL import Image

from t2v import classifier, config, everyday, judge, labelled, recognise, source, video
from t2v.events import TrainerError
from t2v_fixtures import item, square, write_export


@pytest.fixture()
def demo(tmp_path):
    """A folder like that of `medgen demo`: a channel of two videos and three exported clips."""
    video.write(square((200, 30, 30), frames=60), tmp_path / "channel" / "a [AAAAAAAAAAA].mp4", 12)
    scenes = [{"kind": "endoscopy", "start": 0, "end": 10}, {"kind": "radiology", "start": 10, "end": 20}, {"kind": "ultrasound", "start": 20, "end": 30}]
    everyday_scenes = [{"kind": "road", "start": 0, "end": 5}]
    entry = lambda identity, fault, takes: {"id": identity, "file": f"a [{identity}].mp4", "fault": fault, "scenes": takes}
    truth = {"videos": [entry("BBBBBBBBBBB", "none", scenes), entry("AAAAAAAAAAA", "non_medical", everyday_scenes),
                        entry("CCCCCCCCCCC", "blur", everyday_scenes)]}
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    write_export(tmp_path / "dataset")
    rows = [("red", 1.0, 9.0, "https://videos.example/watch?v=BBBBBBBBBBB", "x"), ("green", 19.0, 28.0, None, "x [BBBBBBBBBBB]"),
            ("blue", 31.0, 39.0, "https://videos.example/watch?v=BBBBBBBBBBB", "x"), ("grey", 1.0, 2.0, None, "unknown")]
    fields = ("clip_id", "start_time", "end_time", "source_url", "title")
    (tmp_path / "dataset" / "metadata.jsonl").write_text("".join(json.dumps(dict(zip(fields, row))) + "\n" for row in rows))
    return tmp_path


def test_clip_is_of_the_take_that_holds_its_middle(demo):
    assert {clip.id: kind for clip, kind in labelled.clips(demo)} == {"red": "endoscopy", "green": "ultrasound"}


def test_everyday_takes_of_sound_videos_become_an_export(demo, tmp_path):
    count = everyday.write(tmp_path / "everyday", [demo])
    clips, _ = source.read(tmp_path / "everyday")
    assert count == len(clips) == 2 and all(clip.captions == everyday.CAPTIONS["road"] for clip in clips)
    assert video.read(clips[0].path, 64, 96, 8).shape == (24, 64, 96, 3)


def test_folder_without_truth_is_a_data_error(tmp_path):
    with pytest.raises(TrainerError, match="truth.json"):
        labelled.clips(tmp_path)


def test_every_kind_of_scene_has_prompts_that_no_caption_of_the_demo_repeats():
    prompts = json.loads(recognise.PROMPTS.read_text())
    assert tuple(prompts) == labelled.KINDS and all(len(texts) == 3 for texts in prompts.values())
    spoken = (Path(__file__).resolve().parents[2] / "src" / "Client" / "Demo" / "Channel" / "Narration.cs").read_text()
    assert not any(text in spoken for texts in prompts.values() for text in texts)


def test_classifier_tells_colours_apart_that_it_did_not_see_exactly():
    colours = [(210, 40, 40), (40, 190, 60), (40, 60, 210)]
    clip = lambda colour, shade: video.to_pixels(square(tuple(int(part * shade) for part in colour), frames=6))
    net = classifier.fit([clip(colour, 1.0) for colour in colours], [0, 1, 2], 3, 0, steps=60)
    assert [classifier.kind_of(net, clip(colour, 0.9)) for colour in colours] == [0, 1, 2]


def test_disturbed_frames_keep_their_shape_and_differ():
    frames = torch.zeros(4, 3, 32, 48)
    frames[:, :, :, 24:] = 0.5
    made = classifier.disturbed(frames, torch.Generator().manual_seed(1))
    assert made.shape == frames.shape and torch.isfinite(made).all()
    assert all((made[n] - frames[n]).abs().mean() > 0.01 for n in range(4))
    assert torch.equal(made, classifier.disturbed(frames, torch.Generator().manual_seed(1)))


def test_judge_rates_clips_by_what_they_were_to_show_and_draws_them_beside_real_ones(demo, tmp_path):
    shape = config.Video(num_frames=5, height=32, width=48)
    judged = judge.Judge(demo, shape)
    videos = demo / "dataset" / "videos"
    wanted = [(videos / "red.mp4", "endoscopy"), (videos / "green.mp4", "ultrasound"), (videos / "green.mp4", "endoscopy")]
    said = [judged.kind_of(path) for path, _ in wanted]
    assert said == ["endoscopy", "ultrasound", "ultrasound"]
    rates = judged.rates([kind for _, kind in wanted], said, trained_on=demo)
    assert (rates["recognised"], rates["generated"], rates["real_rate"], rates["by_kind"]) == (2, 3, 1.0, {"endoscopy": 0.5, "ultrasound": 1.0})
    judge.draw_sheet(tmp_path / "sheet.png", judged.real, wanted, shape)
    assert Image.open(tmp_path / "sheet.png").size[0] > 12 * shape.width


@pytest.mark.parametrize("line, reason", [("no json", "line 2 is not"), ('{"path": "a.mp4"}', "line 2 is not"), ('{"path": "a.mp4", "kind": "x-ray"}', "there is no kind x-ray")])
def test_a_list_that_is_none_is_a_data_error_with_its_line(tmp_path, line, reason):
    (tmp_path / "list.jsonl").write_text(json.dumps({"path": "a.mp4", "kind": "lecture"}) + "\n" + line + "\n")
    with pytest.raises(TrainerError, match=reason) as raised:
        judge.read_list(tmp_path / "list.jsonl")
    assert raised.value.kind == "data"
