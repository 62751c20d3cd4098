"""What a file says about its photograph beside the pixels and their colours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metadata:
    """Who, when, where, with what, and how large on paper.

    Attributes:
        exif: A TIFF block as EXIF has it, without orientation and thumbnail (both would be wrong now).
        xmp: The packet, without orientation and thumbnails.
        resolution: Pixels per inch, across and down.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    resolution: tuple[float, float] | None = None
