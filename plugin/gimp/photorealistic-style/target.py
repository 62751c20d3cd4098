"""The result on its way into the working copy, row by row, and into the image."""

from __future__ import annotations

from formats import carries_bits, carrying
from sources import rectangle
from splicing import Splicer
from working_copy import WorkingCopy

from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadImageError


class LayerTarget:
    """Writes the result into the working copy and puts that into the image.

    Args:
        work: The copy; it holds the original pixels.
        name: Of the new layer.
        by_mask: Limit the result to the selection by a layer mask; otherwise it came limited.
    """

    def __init__(self, work: WorkingCopy, name: str, by_mask: bool) -> None:
        self._work = work
        self._name = name
        self._by_mask = by_mask
        self._format = carrying(work.copy)
        self._width = work.copy.get_width()
        self._buffer = work.copy.get_buffer()
        kept = None if by_mask else work.selection
        self._splicer = None if carries_bits(work.copy) else Splicer(work.copy, self._format, kept)

    def write(self, first: int, count: int, pixels: bytes) -> None:
        """Take in some rows.

        Raises:
            BadImageError: The number of bytes is wrong; GEGL would only log it and write nothing.
        """
        wanted = self._width * count * self._format.pixel_bytes
        if len(pixels) != wanted:
            raise BadImageError(Words.wrong_length.format(got=len(pixels), wanted=wanted), Words.unexpected_hint)
        area = rectangle(0, first, self._width, count)
        if self._splicer is None:
            self._buffer.set(area, self._format.babl, pixels)
        else:
            self._buffer.set(area, self._splicer.name, self._splicer.spliced(first, count, pixels))

    def commit(self) -> None:
        """Put the layer into the image.

        Raises:
            TargetGoneError: The image or the layer is gone.
        """
        self._buffer.flush()
        if self._by_mask:
            self._work.hide_unselected()
        self._work.insert(self._name)

    def discard(self) -> None:
        """Let the layer go."""
        self._work.close()
