"""Style photographs that stay in memory from one job to the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photostyle.imaging.picture import Picture

MOST_BYTES = 256 << 20
"""Of pixels that are kept; one picture always is."""


class StyleShelf:
    """Reads style photographs, and keeps those last asked for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, int, int], Picture] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, path: Path) -> Picture:
        """A photograph; see `read_picture`."""
        from photostyle.imaging.reading import read_picture

        with self._lock:  # held while reading: whoever wants the same one at the same time has it read once
            try:
                found = path.stat()
            except (OSError, ValueError):
                return read_picture(path)  # which says what is wrong
            state = (path, found.st_mtime_ns, found.st_size)
            if state not in self._kept:
                self._kept[state] = read_picture(path)
            self._kept.move_to_end(state)
            self._shed()
            return self._kept[state]

    def _shed(self) -> None:
        while len(self._kept) > 1 and sum(kept.pixels.nbytes for kept in self._kept.values()) > MOST_BYTES:
            self._kept.popitem(last=False)
