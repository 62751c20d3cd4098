"""How many pictures are in memory at once: three of a camera, one panorama."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

MOST_PIXELS = 100_000_000
"""Of all pictures that a worker has in hand. A larger one is alone: beside others it would find less memory than by
itself, and perhaps be computed with less effort."""


class Crowd:
    """Lets pictures in while there is room."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._inside: list[int] = []

    @contextmanager
    def inside(self, pixels: int) -> Iterator[None]:
        """Wait for room for a picture, and keep it."""
        with self._change:
            self._change.wait_for(lambda: not self._inside or sum(self._inside) + pixels <= MOST_PIXELS)
            self._inside.append(pixels)
        try:
            yield
        finally:
            with self._change:
                self._inside.remove(pixels)
                self._change.notify_all()
