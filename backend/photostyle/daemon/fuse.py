"""What keeps clients from filling the machine's memory through the daemon's sockets."""

from __future__ import annotations

import time

ALLOWANCE = 2 << 30
"""Bytes that the broker may hold. All clients at their limits together stay below; only abuse goes beyond."""

CHECK_SECONDS = 0.1
REST_SECONDS = 1.0
"""How long freed memory may take to show before it counts again."""


class Fuse:
    """Watches the memory of this process.

    ZeroMQ takes in a message of any number of frames before anybody sees the first, so there is nothing but the
    memory itself to notice it by.

    Args:
        allowance: Bytes beyond which it blows.
    """

    def __init__(self, allowance: int = ALLOWANCE) -> None:
        self._allowance = allowance
        self._next = time.monotonic() + REST_SECONDS

    def blows(self) -> bool:
        """Whether all connections are to be cut now."""
        now = time.monotonic()
        if now < self._next:
            return False
        blown = resident() > self._allowance
        self._next = now + (REST_SECONDS if blown else CHECK_SECONDS)
        return blown


def resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say, as when it has no more files."""
    import psutil  # only here: the daemon starts faster without it

    try:
        return int(psutil.Process().memory_info().rss)
    except (OSError, psutil.Error):
        return 0
