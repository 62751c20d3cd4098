"""Results for layers whose pixels the protocol does not know: converted back, with the layer's own bits put in."""

from __future__ import annotations

from typing import Any

from formats import Format, carrying_mask
from gi.repository import Babl, Gegl
from sources import DrawableSource, rectangle

from photostyle_plugin.pixelbytes import copy_channel, keep_unselected


class Splicer:
    """Turns rows of a result into rows of a layer.

    Args:
        original: The layer as it was: 32-bit integers or doubles.
        form: In which the result comes.
        selection: A mask of the layer's size; where it is 0 the pixels stay. ``None``: only alpha stays.
    """

    def __init__(self, original: Any, form: Format, selection: Any | None) -> None:
        self._form = form
        self._width = original.get_width()
        self._buffer = original.get_buffer()
        self._native = original.get_format()
        self._selection = None if selection is None else DrawableSource(selection, carrying_mask(selection))

    @property
    def name(self) -> str:
        """The layer's own format."""
        return str(Babl.get_name(self._native))

    def spliced(self, first: int, count: int, pixels: bytes) -> bytes:
        """Some rows in the layer's own format; alpha and what is not selected are the layer's, to the bit."""
        area = rectangle(0, first, self._width, count)
        own = bytes(self._buffer.get(area, 1.0, self.name, Gegl.AbyssPolicy.NONE))
        styled = bytearray(self._converted(count, pixels))
        channels = Babl.format_get_n_components(self._native)
        pixel = Babl.format_get_bytes_per_pixel(self._native)
        if channels % 2 == 0:
            copy_channel(styled, own, channels - 1, channels, pixel // channels)
        if self._selection is None:
            return bytes(styled)
        mask = _nonzero(self._selection.rows(first, count), self._selection.format.value_bytes)
        return bytes(keep_unselected(styled, own, mask, pixel))

    def _converted(self, count: int, pixels: bytes) -> bytes:
        area = rectangle(0, 0, self._width, count)
        buffer = Gegl.Buffer.new(self.name, 0, 0, self._width, count)
        buffer.set(area, self._form.babl, pixels)
        return bytes(buffer.get(area, 1.0, self.name, Gegl.AbyssPolicy.NONE))


def _nonzero(values: bytes, size: int) -> bytes:
    """One byte for each value of `size` bytes, 0 only where the whole value is."""
    folded = 0
    for k in range(size):
        folded |= int.from_bytes(values[k::size], "little")
    return folded.to_bytes(len(values) // size, "little")
