"""What this process does with memory that it has freed."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Of ``mallopt``, in glibc."""

_LARGEST = 32 << 20
BANDS, JOBS = 64 << 20, 256 << 20
"""Bytes of freed memory that a process keeps for the bands of pictures on their way, and for the steps of jobs."""


@cache
def keep_freed_memory(most: int) -> None:
    """Let what was freed serve what comes next, up to so many bytes of it.

    Else two bands of a picture on their way are as much as glibc gives back at once, and fetching the same memory anew,
    page by page, is a fourth of the work of sending and fetching, and a third of that of a small job. Other systems are
    left as they are.

    Args:
        most: `BANDS` or `JOBS`.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):  # another library for C
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LARGEST)
        mallopt(_TRIM_THRESHOLD, most)
