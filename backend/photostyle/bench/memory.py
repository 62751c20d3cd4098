"""The most memory that something takes while it runs."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import psutil

_PAUSE_SECONDS = 0.01


class Peak:
    """Bytes that a process had at most, beyond those that it had at the beginning."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._begin = self._most = self._resident()

    def _resident(self) -> int:
        return int(self._process.memory_info().rss)

    def look(self) -> None:
        """Look how much it is now."""
        self._most = max(self._most, self._resident())

    @property
    def bytes(self) -> int:
        """See `Peak`."""
        return self._most - self._begin


@contextlib.contextmanager
def watched_memory(process: psutil.Process) -> Iterator[Peak]:
    """Look at a process a hundred times a second."""
    peak, ended = Peak(process), threading.Event()

    def watch() -> None:
        while not ended.wait(_PAUSE_SECONDS):
            peak.look()

    thread = threading.Thread(target=watch, name="memory", daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        peak.look()
        ended.set()
        thread.join()
