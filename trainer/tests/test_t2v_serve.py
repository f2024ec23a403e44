"""The worker that keeps a model loaded: one answer a request, the same video for the same request, and bad requests."""

import hashlib
import json
import subprocess

import numpy as np
import pytest

from t2v import video
from t2v_fixtures import TRAINER, command, environment, named, run


def serve(model, requests):
    """(exit code, events) of a server that reads these lines and then the end of its input."""
    lines = "".join((request if isinstance(request, str) else json.dumps(request)) + "\n" for request in requests)
    done = subprocess.run(command("t2v.serve", "--model", model), cwd=TRAINER, env=environment(), input=lines, capture_output=True, text=True, timeout=120)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_equal_requests_give_equal_videos_whatever_else_is_asked_for(base, tmp_path):
    model = base[0] / "model"
    ask = lambda name, prompt, seed: {"id": name, "prompt": prompt, "seed": seed, "steps": 3, "guidance_scale": 2.0, "output": str(tmp_path / f"{name}.mp4")}
    code, events = serve(model, [ask("a", "A red square.", 1), "", ask("b", "A blue square.", 1), ask("c", "A red square.", 2), ask("d", "A red square.", 1)])
    assert code == 0 and events[0]["event"] == "ready"
    assert (events[0]["num_frames"], events[0]["height"], events[0]["width"], events[0]["fps"]) == (5, 32, 48, 8.0)
    made = {event["id"]: event for event in named(events, "generated")}
    assert list(made) == ["a", "b", "c", "d"]
    assert made["a"]["sha256"] == made["d"]["sha256"] and len({event["sha256"] for event in made.values()}) == 3
    _, again = serve(model, [ask("e", "A red square.", 1)])
    assert named(again, "generated")[0]["sha256"] == made["a"]["sha256"]
    file = tmp_path / "a.mp4"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == made["a"]["sha256"] and video.read(file, 32, 48, 8).shape == (5, 32, 48, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "b.mp4", "c.mp4", "d.mp4", "e.mp4"]


def test_bad_requests_fail_one_by_one_and_the_server_lives(base, tmp_path):
    good = {"id": "good", "prompt": "<b>心臓</b> " * 400, "steps": 1, "output": str(tmp_path / "good.mp4")}
    values = {"steps": 0, "prompt": " ", "seed": -1, "output": "x.avi", "guidance_scale": "much"}
    wrong = [{**good, "id": name, name: value} for name, value in values.items()]
    code, events = serve(base[0] / "model", ["no json", "[]", *wrong, good])
    assert code == 0
    failed = named(events, "failed")
    assert len(failed) == 7 and all(event["kind"] == "usage" for event in failed)
    assert all(request["id"] in event["message"] for request, event in zip(wrong, failed[2:]))
    assert [event["id"] for event in named(events, "generated")] == ["good"]


def test_sigterm_ends_an_idle_server(base):
    process = subprocess.Popen(command("t2v.serve", "--model", base[0] / "model"), cwd=TRAINER, env=environment(), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    assert json.loads(process.stdout.readline())["event"] == "ready"
    process.terminate()
    assert process.wait(20) == 0
    process.stdin.close()
    process.stdout.close()


@pytest.mark.parametrize("missing", ["transformer.safetensors", "vocab.txt"])
def test_incomplete_model_is_a_data_error_that_names_the_file(base, tmp_path, missing):
    for file in (base[0] / "model").iterdir():
        if file.name != missing:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    code, events = run("t2v.serve", "--model", tmp_path)
    assert code == 3 and events[-1]["kind"] == "data" and events[-1]["file"].endswith(missing)


def test_prompts_are_drawn_into_a_folder_with_how_to_draw_them_again(base, tmp_path):
    (tmp_path / "p.txt").write_text("A red square.\nA blue square.\n")
    code, events = run("t2v.sample", "--model", base[0] / "model", "--prompts", tmp_path / "p.txt", "--output_dir", tmp_path / "out",
                       "--seeds", 2, "--steps", 2)
    assert code == 0 and len(named(events, "generated")) == 4
    told = json.loads((tmp_path / "out" / "001-1.json").read_text())
    assert told["prompt"] == "A blue square." and told["seed"] == 1 and told["sha256"] == named(events, "generated")[3]["sha256"]


def test_video_files_keep_their_frames(tmp_path):
    frames = np.zeros((5, 32, 48, 3), np.uint8)
    frames[:, :, 24:] = (200, 60, 60)
    assert video.write(frames, tmp_path / "x.mp4", 8.0) == video.write(frames, tmp_path / "y.mp4", 8.0)
    read = video.read(tmp_path / "x.mp4", 32, 48, 8.0)
    assert read.shape == frames.shape and np.abs(read.astype(int) - frames)[:, :, [5, 40]].max() < 12
