"""The result on its way into the working copy, row by row, with what may not change taken from the layer itself."""

from __future__ import annotations

from typing import Any

from formats import Format, carries_bits, carrying, carrying_mask
from gi.repository import Babl, Gegl
from photostyle_plugin.errors import TargetGoneError
from photostyle_plugin.pixelbytes import copy_channel, keep_unselected
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadImageError
from sources import DrawableSource, rectangle
from working_copy import WorkingCopy


class LayerTarget:
    """Writes the result into the working copy and puts that into the image.

    Args:
        work: The copy; it holds the original pixels.
        name: Of the new layer.
        kept: What stays as it is to the bit: pixels where this mask is 0. ``None``: only alpha.
    """

    def __init__(self, work: WorkingCopy, name: str, kept: Any | None) -> None:
        self._work = work
        self._name = name
        self._format = carrying(work.copy)
        self._native = None if carries_bits(work.copy) else Native(work.copy, self._format, kept)
        self._width = work.copy.get_width()
        self._buffer = work.copy.get_buffer()

    def write(self, first: int, count: int, pixels: bytes) -> None:
        """Take in some rows."""
        area = rectangle(0, first, self._width, count)
        wanted = self._width * count * self._format.pixel_bytes
        if len(pixels) != wanted:  # GEGL would only log it and write nothing
            raise BadImageError(Words.wrong_length.format(got=len(pixels), wanted=wanted), Words.unexpected_hint)
        if self._native is None:
            self._buffer.set(area, self._format.babl, pixels)
        else:
            self._buffer.set(area, self._native.name, self._native.spliced(first, count, pixels))

    def commit(self) -> None:
        """Put the layer into the image."""
        self._buffer.flush()
        self._work.insert(self._name)

    def discard(self) -> None:
        """Let the layer go."""
        self._work.close()
