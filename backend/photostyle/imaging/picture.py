"""A photograph in memory with what its file said about it."""

from __future__ import annotations

from dataclasses import dataclass

from photostyle.imaging.pixels import is_grey
from photostyle.stylize.task import Pixels


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels, upright, with their colour profile and camera data.

    Attributes:
        pixels: (H, W) or (H, W, C); uint8, uint16 or float32.
        icc_profile: The colour profile of the pixels; ``None`` means sRGB.
        exif: What the camera wrote, without orientation and thumbnail (both would be wrong now).
    """

    pixels: Pixels
    icc_profile: bytes | None = None
    exif: bytes | None = None

    def with_pixels(self, pixels: Pixels) -> Picture:
        """The same picture with other pixels; a grey profile does not follow them into colour, nor back."""
        fits = is_grey(pixels) == is_grey(self.pixels)
        return Picture(pixels, self.icc_profile if fits else None, self.exif)
