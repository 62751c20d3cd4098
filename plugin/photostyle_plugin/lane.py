"""Work that is on its way to the session's thread, a little at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, wait
from typing import Any, TypeVar

T = TypeVar("T")


def awaited(future: Future[T], pause: float) -> Generator[None, None, T]:
    """Wait in steps of at most `pause` seconds; returns the result or raises the error."""
    while not future.done():
        if pause:
            wait([future], pause)
        yield
    return future.result()


class Lane:
    """Futures in the order in which they were handed in; the first error ends the wait.

    Args:
        pause: Longest wait of one step, in seconds.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._open: deque[Future[Any]] = deque()

    def add(self, future: Future[Any]) -> None:
        """Hand in one more."""
        self._open.append(future)

    def room(self, most: int) -> Generator[None, None, None]:
        """Wait in small steps until at most so many are open."""
        while len(self._open) > most:
            yield from awaited(self._open[0], self._pause)
            self._open.popleft()
