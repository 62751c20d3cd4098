"""Freed memory serves the next one who asks."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = """
import resource
from photostyle.machine.allocator import BANDS, keep_freed_memory
{kept}

def bands():
    held = [bytes(8 << 20) for _ in range(3)]
    return [bytearray(band) for band in held]

bands()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    bands()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are left as they are")
def test_freed_bands_are_not_given_back() -> None:
    faults = []
    for kept in ("", "keep_freed_memory(BANDS)"):
        code = _CODE.format(kept=kept)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
        faults.append(int(done.stdout))
    assert faults[1] < faults[0] / 4
