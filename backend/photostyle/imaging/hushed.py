"""Decoders in C that say on standard error what is wrong with a file, where a person reads our sentence about it."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """What C libraries print to their ``stderr`` meanwhile goes nowhere; what Python prints stays as it is.

    On Linux alone. The descriptor, which other threads and new processes use as well, is left as it is: it is C's own
    variable that points elsewhere for a while. Of two threads at once, the first to end lets the other be heard.
    """
    if sys.platform != "linux":
        yield
        return
    variable, real, nowhere = _streams()
    variable.value = nowhere
    try:
        yield
    finally:
        variable.value = real


@functools.cache
def _streams() -> tuple[ctypes.c_void_p, int | None, int]:
    """C's variable, the stream that is in it, and one that leads nowhere and needs no descriptor."""
    libc = ctypes.CDLL(None)
    libc.fmemopen.restype = ctypes.c_void_p
    variable = ctypes.c_void_p.in_dll(libc, "stderr")
    return variable, variable.value, libc.fmemopen(None, ctypes.c_size_t(1), b"w")
