"""What is sent: pixels of a drawable, row by row or as a small copy in memory."""

from __future__ import annotations

import math
from typing import Any

from formats import Format, carrying
from gi.repository import Gegl

from photostyle_plugin.picture import MemorySource
from photostyle_protocol.images import ImageSpec

PREVIEW_PIXELS = 500_000


def rectangle(x: int, y: int, width: int, height: int) -> Any:
    """A part of a drawable, in its own coordinates."""
    return Gegl.Rectangle.new(x, y, width, height)


class DrawableSource:
    """The pixels of a layer or a mask, read when they are wanted.

    Args:
        drawable: Must stay as it is while it is read.
        form: Kind of pixels to read.
    """

    def __init__(self, drawable: Any, form: Format) -> None:
        self.format = form
        self.spec: ImageSpec = form.spec(drawable.get_width(), drawable.get_height())
        self._buffer = drawable.get_buffer()

    def rows(self, first: int, count: int) -> bytes:
        """Rows `first` to `first + count`, tightly packed."""
        area = rectangle(0, first, self.spec.width, count)
        return bytes(self._buffer.get(area, 1.0, self.format.babl, Gegl.AbyssPolicy.NONE))


class Proxy(MemorySource):
    """A small copy of a drawable, in memory.

    Args:
        form: Kind of its pixels.
        spec: Its shape.
        pixels: `spec.nbytes` bytes.
    """

    pixels: bytes

    def __init__(self, form: Format, spec: ImageSpec, pixels: bytes) -> None:
        super().__init__(spec, pixels)
        self.format = form


def reduced(drawable: Any, form: Format, pixels: int = PREVIEW_PIXELS) -> Proxy:
    """A copy of a drawable with at most about `pixels` pixels, scaled by GEGL."""
    width, height = drawable.get_width(), drawable.get_height()
    scale = min(1.0, math.sqrt(pixels / (width * height)))
    spec = form.spec(max(1, round(width * scale)), max(1, round(height * scale)))
    area = rectangle(0, 0, spec.width, spec.height)
    taken = drawable.get_buffer().get(area, scale, form.babl, Gegl.AbyssPolicy.CLAMP)
    return Proxy(form, spec, bytes(taken))


def whole(drawable: Any) -> DrawableSource:
    """All of a grey or colour layer, as it is sent."""
    return DrawableSource(drawable, carrying(drawable))
