"""A large picture costs little more memory than itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from pathlib import Path
import numpy as np, skimage.data
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import RegionPixels, StylizeTask
from photostyle_protocol.request import Settings

engine, photograph = Engine.load("cpu"), skimage.data.coffee()

def run(content):
    task = StylizeTask(content, (RegionPixels(skimage.data.chelsea()),), None, Settings(sys.argv[1], finish="grid"))
    return stylize(task, lambda fraction, stage: None, engine)

def high_water():
    # Not getrusage, whose figure a process takes over from the one that started it.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

def peak(copies):
    content = np.tile(photograph, (copies, copies, 1))
    run(content)
    return high_water() - 2 * content.nbytes / 2**20

six, fifteen = peak(5), peak(8)
print(six, fifteen)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("method", ["rest", "monge-kantorovich"])
def test_memory_does_not_grow_with_the_picture(method: str) -> None:
    """Beside the picture and its result, 15 megapixels need hardly more than 6."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, method], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr
    six, fifteen = map(float, done.stdout.split())
    # One copy of 9 more megapixels as floats is 103 MiB, and work without strips needs several; the allocator itself
    # is worth one on a busy machine.
    assert fifteen < six + 200
    assert six < 1300
