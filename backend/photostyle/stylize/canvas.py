"""Where a result is drawn, strip by strip from the top, so that it need not be held as a whole."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from photostyle.stylize.task import Pixels


class Canvas(Protocol):
    """Takes a result in."""

    @property
    def is_touched(self) -> bool:
        """Whether anything was drawn: then the drawing cannot begin again."""

    def add(self, strip: Pixels) -> None:
        """Take in the rows (h, W[, C]) below those that are there; the strip is not changed afterwards."""


class ArrayCanvas:
    """A canvas in memory.

    Args:
        pixels: Where to draw. This may be the content's own memory: of a row that is drawn the content is not needed
            any more.
    """

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self._rows = 0

    @classmethod
    def like(cls, content: Pixels) -> ArrayCanvas:
        """A new canvas for a result of the content's shape and type."""
        return cls(np.empty(content.shape, content.dtype))

    @classmethod
    def over(cls, content: Pixels) -> ArrayCanvas:
        """The content's own memory where it may be written, for a caller who does not need the content any more."""
        return cls(content) if content.flags.writeable else cls.like(content)

    @property
    def is_touched(self) -> bool:
        """See `Canvas`."""
        return self._rows > 0

    def add(self, strip: Pixels) -> None:
        """See `Canvas`."""
        self.pixels[self._rows : self._rows + len(strip)] = strip
        self._rows += len(strip)
