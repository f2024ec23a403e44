"""torchrun that works on every pair of Python and PyTorch: `python3 -m t2v.torchrun --standalone --nproc_per_node 2 -m t2v.train ...`.

Since Python 3.11 the members of an IntFlag leave out the zero, so that PyTorch before 2.0 reads the default `--redirects 0` as None and
ends before it has started a process. This puts the zero back and calls `torch.distributed.run`; where nothing is amiss it only calls."""

from torch.distributed import run
from torch.distributed.elastic.multiprocessing import Std

_from_str = Std.from_str


def from_str(text):
    """What --redirects and --tee mean, with Std.NONE in the place of None."""
    read = _from_str(text)
    if isinstance(read, dict):
        return {rank: Std.NONE if value is None else value for rank, value in read.items()}
    return Std.NONE if read is None else read


if __name__ == "__main__":
    Std.from_str = from_str
    run.main()
