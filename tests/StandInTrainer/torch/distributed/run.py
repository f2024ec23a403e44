"""Starts a module several times, as torchrun does, and turns every exit code into 1."""
import os
import subprocess
import sys


def main():
    arguments = sys.argv[1:]
    count = int(arguments[arguments.index("--nproc_per_node") + 1])
    module = arguments[arguments.index("-m") + 1:]
    workers = [
        subprocess.Popen([sys.executable, "-m", *module], env={**os.environ, "RANK": str(rank), "WORLD_SIZE": str(count)}) for rank in range(count)
    ]
    sys.exit(1 if any([worker.wait() for worker in workers]) else 0)


if __name__ == "__main__":
    main()
