"""What this process does with memory that it has freed."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Of ``mallopt``, in glibc."""

_LARGEST = 32 << 20
_KEPT = 64 << 20


@cache
def keep_freed_memory() -> None:
    """Let what was freed serve the next band, up to 64 MB of it.

    Else two bands of a picture on their way are as much as glibc gives back at once, and fetching the same memory anew,
    page by page, is a fourth of the work of sending and fetching. Other systems are left as they are.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):  # another library for C
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LARGEST)
        mallopt(_TRIM_THRESHOLD, _KEPT)
