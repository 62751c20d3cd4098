"""Ctrl-C and the system's wish to end: the batch stops where nothing is half done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from photostyle_protocol.errors import JobCancelledError


class Brake:
    """Pulled by a signal.

    Attributes:
        pulled: Whether it was.
    """

    def __init__(self) -> None:
        self.pulled = False

    def pull(self, number: int = signal.SIGINT, frame: FrameType | None = None) -> None:
        """A signal's handler. Who asks a second time does not wait for what is in hand.

        Raises:
            KeyboardInterrupt: The second time.
        """
        if self.pulled:
            raise KeyboardInterrupt
        self.pulled = True

    def check(self) -> None:
        """End what has nothing to finish.

        Raises:
            JobCancelledError: It was pulled.
        """
        if self.pulled:
            raise JobCancelledError("Stopped.", "Go on with the same command and --resume.")


@contextmanager
def brake() -> Iterator[Brake]:
    """A brake that SIGINT and SIGTERM pull (the latter is how a scheduler ends a job); for the main thread."""
    made = Brake()
    signals = (signal.SIGINT, signal.SIGTERM)
    earlier = {number: signal.signal(number, made.pull) for number in signals}
    try:
        yield made
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
