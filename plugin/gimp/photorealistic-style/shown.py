"""Pictures as the screen shows them: 8-bit sRGB with alpha."""

from __future__ import annotations

from typing import NamedTuple

from gi.repository import GdkPixbuf, Gegl, GLib

BYTES = 4
SCREEN = "R'G'B'A u8"


class Shown(NamedTuple):
    """A picture for the screen.

    Attributes:
        width: Columns.
        height: Rows.
        pixels: RGBA, sRGB, 8 bit, rows from the top: `4 * width * height` bytes.
    """

    width: int
    height: int
    pixels: bytes

    def scaled(self, width: int, height: int) -> Shown:
        """The same picture at another size."""
        if (width, height) == (self.width, self.height):
            return self
        small = self.pixbuf().scale_simple(width, height, GdkPixbuf.InterpType.BILINEAR)
        return from_pixbuf(small)

    def pixbuf(self) -> GdkPixbuf.Pixbuf:
        """The same picture as a pixbuf."""
        data = GLib.Bytes.new(self.pixels)
        rows = self.width * BYTES
        return GdkPixbuf.Pixbuf.new_from_bytes(data, GdkPixbuf.Colorspace.RGB, True, 8, self.width, self.height, rows)


def from_pixbuf(pixbuf: GdkPixbuf.Pixbuf) -> Shown:
    """A picture that GTK has loaded or scaled."""
    if not pixbuf.get_has_alpha():
        pixbuf = pixbuf.add_alpha(False, 0, 0, 0)
    width, height, stride = pixbuf.get_width(), pixbuf.get_height(), pixbuf.get_rowstride()
    pixels, row = pixbuf.get_pixels(), width * BYTES
    if stride != row:
        pixels = b"".join(pixels[start : start + row] for start in range(0, stride * height, stride))
    return Shown(width, height, pixels)


def to_screen(width: int, height: int, pixels: bytes, babl: str) -> Shown:
    """Convert pixels into what the screen shows.

    Args:
        width: Columns.
        height: Rows.
        pixels: Rows from the top, no padding.
        babl: Name of their babl format, colour space included.
    """
    area = Gegl.Rectangle.new(0, 0, width, height)
    buffer = Gegl.Buffer.new(babl, 0, 0, width, height)
    buffer.set(area, babl, bytes(pixels))
    return Shown(width, height, buffer.get(area, 1.0, SCREEN, Gegl.AbyssPolicy.NONE))


def fit(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    """The largest size of the same shape that fits, at least 1 × 1."""
    scale = min(most_width / width, most_height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
