"""A worker without an engine, ready in a blink: the method's name says what it does with a job.

It speaks the pipe by itself, so it can also break its rules.
"""

import argparse
import os
import shutil
import struct
import sys
import time
from pathlib import Path

from photostyle.daemon import pipe


def done(run: pipe.Run, store: Path) -> pipe.Done:
    """The content, as the result."""
    name = f"result-{os.getpid()}-{run.job}"
    shutil.copy(store / run.request.content, store / name)
    return pipe.Done(run.job, pipe.Picture(run.request.content, run.specs[run.request.content], name))


def answer(run: pipe.Run, store: Path) -> bytes:
    """What is written to the broker."""
    part = run.request.settings.method
    if part == "die":
        os._exit(9)
    if part == "fail":
        return pipe.pack(pipe.Trouble(run.job, "failed", "A wrong turn.", ""))
    if part == "slow":
        time.sleep(0.02)
    if part == "nonsense":
        return struct.pack("<I", 7) + os.urandom(7)
    if part == "huge":
        return struct.pack("<I", 2**32 - 1)
    if part == "lie":
        picture = pipe.Picture("../../evil", run.specs[run.request.content], "../evil")
        return pipe.pack(pipe.Done(run.job, picture))
    if part == "stranger":
        return pipe.pack(pipe.Done(run.job + 1, done(run, store).picture)) + pipe.pack(done(run, store))
    return pipe.pack(done(run, store))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--device")
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()
    stdin, stdout = pipe.take_pipes()
    stdout.write(pipe.pack(pipe.Ready("nowhere")))
    stdout.flush()
    while (message := pipe.read(stdin)) is not None:
        if isinstance(message, pipe.Run):
            stdout.write(answer(message, options.store))
            stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
