import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# Before torch loads: test processes that share two cores must not spin while they wait.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# One thread, in the processes of the tests as well, which inherit it: sums in another order would not be the same bits, and on nets this small a second
# one gains nothing.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A preparation of moving squares for the micro model."""
    from t2v_fixtures import run, write_config, write_export
    folder = tmp_path_factory.mktemp("t2v")
    write_export(folder / "export")
    code, events = run("t2v.prepare", "--data_path", folder / "export", "--output_dir", folder / "data", "--model_config", write_config(folder / "micro.json"),
                       "--autoencoder_steps", 3, "--text_encoder_steps", 3)
    assert code == 0, events
    return folder / "data"


@pytest.fixture(scope="session")
def base(data, tmp_path_factory):
    """A run of eight steps without a stop: its output folder and events."""
    from t2v_fixtures import arguments, run
    output = tmp_path_factory.mktemp("base")
    code, events = run("t2v.train", *arguments(data, output, 8, "--checkpointing_steps", 2, "--checkpoints_total_limit", 2))
    assert code == 0, events
    return output, events
