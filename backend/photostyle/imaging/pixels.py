"""What pixels are, asked in words."""

from __future__ import annotations

from photostyle.stylize.task import Pixels

LARGE = 64_000_000
"""Pixels of a picture of which there should be no second copy: Pillow keeps one of its own, of four bytes a pixel."""


def channels_of(pixels: Pixels) -> int:
    """How many channels (H, W) or (H, W, C) pixels have, 1 to 4."""
    return 1 if pixels.ndim == 2 else int(pixels.shape[2])


def is_grey(pixels: Pixels) -> bool:
    """Whether the pixels carry no colour."""
    return channels_of(pixels) < 3


def has_alpha(pixels: Pixels) -> bool:
    """Whether the last channel is transparency."""
    return channels_of(pixels) in (2, 4)


def size_text(pixels: Pixels) -> str:
    """Width × height the way people write it."""
    return f"{pixels.shape[1]} × {pixels.shape[0]}"
