"""A photograph in memory with what its file said about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from photostyle.imaging.metadata import Metadata
from photostyle.imaging.pixels import is_grey
from photostyle.stylize.task import Pixels
from photostyle_protocol.color_space import ColorSpace


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels, upright, with their colour profile and camera data.

    Attributes:
        pixels: (H, W) or (H, W, C); uint8, uint16, float16 or float32; alpha is straight.
        icc_profile: The colour profile of the pixels.
        metadata: What the camera and the photographer wrote.
        space: What the numbers mean; ``None`` is sRGB.
        has_unknown_space: The profile is one of tables: the pixels are taken as they are.
        held: The pixels as the file held them, where their colours were multiplied by alpha.
        frame: What an OpenEXR file says beside its colours.
    """

    pixels: Pixels
    icc_profile: bytes | None = None
    metadata: Metadata = field(default_factory=Metadata)
    space: ColorSpace | None = None
    has_unknown_space: bool = False
    held: Pixels | None = None
    frame: Any = None

    def with_pixels(self, pixels: Pixels) -> Picture:
        """The same picture with other pixels; a grey profile does not follow them into colour, nor back."""
        if is_grey(pixels) == is_grey(self.pixels):
            return replace(self, pixels=pixels)
        return Picture(pixels, metadata=self.metadata)
