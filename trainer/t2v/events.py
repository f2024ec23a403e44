"""What the host reads: one JSON object a line on standard output; errors have a kind and an exit code."""

import errno
import json
import os
import sys
import time
import traceback

EXIT_CODES = {"usage": 2, "data": 3, "geometry": 4, "nan": 5, "memory": 6, "disk": 7, "missing": 8, "interrupted": 75, "internal": 1}


class TrainerError(Exception):
    """An outcome that can be expected. `kind` is a key of EXIT_CODES; `hint` says what to do; `step` and `file` say where."""

    def __init__(self, kind, message, hint=None, step=None, file=None):
        super().__init__(message)
        self.kind, self.message, self.hint, self.step, self.file = kind, message, hint, step, file


def emit(event, **fields):
    """Writes an event at once; fields that are None are left out."""
    line = {"event": event, "time": time.time(), **{name: value for name, value in fields.items() if value is not None}}
    sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(text):
    """A line for people."""
    print(text, file=sys.stderr, flush=True)


def run(main, arguments=None):
    """Runs a command and ends the process with the exit code of its outcome."""
    try:
        main(sys.argv[1:] if arguments is None else arguments)
        code = 0
    except SystemExit as ending:
        code = ending.code or 0
    except BaseException as error:  # noqa: B902 - every end of the process has to be told to the host
        outcome = classify(error)
        if outcome.kind == "internal":
            traceback.print_exc()
        else:
            say(f"{outcome.kind}: {outcome.message}" + (f" ({outcome.hint})" if outcome.hint else ""))
        emit("error", kind=outcome.kind, message=outcome.message, hint=outcome.hint, step=outcome.step, file=outcome.file)
        code = EXIT_CODES[outcome.kind]
    sys.stdout.flush()
    sys.stderr.flush()
    if code and "RANK" in os.environ:
        # Under torchrun the other ranks may wait inside a collective; a clean-up would wait for them.
        os._exit(code)
    sys.exit(code)


def classify(error):
    """The expected outcome that an exception stands for, `internal` if none."""
    text = str(error)
    if isinstance(error, TrainerError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return TrainerError("interrupted", "interrupted from the keyboard")
    if isinstance(error, MemoryError) or "out of memory" in text.lower() or "not enough memory" in text or "can't allocate memory" in text:
        return TrainerError("memory", f"memory is exhausted: {text.splitlines()[0] if text else 'MemoryError'}",
                            hint="halve --train_batch_size and double --gradient_accumulation_steps, or give --gradient_checkpointing")
    if disk_full(error):
        return TrainerError("disk", f"the disk is full: {text.splitlines()[0]}", hint="free space, then go on with --resume_from_checkpoint latest",
                            file=getattr(error, "filename", None))
    return TrainerError("internal", f"{type(error).__name__}: {text}")


def disk_full(error):
    """Whether an exception, or one that caused it, says that a disk or a quota is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return True
        error = error.__cause__ or error.__context__
    return False
