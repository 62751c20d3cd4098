"""Work on the bytes of pixels at the speed of C, with the standard library alone: editors' Pythons may lack numpy."""

from __future__ import annotations

import re
from typing import Literal

_FORMATS: dict[int, Literal["B", "H", "I", "Q"]] = {1: "B", 2: "H", 4: "I", 8: "Q"}
_SELECTED = re.compile(rb"[^\0]+")
"""A run of pixels that are selected at all; selections have few of them in a row."""


def keep_unselected(styled: bytes | bytearray, original: bytes, selection: bytes, bytes_per_pixel: int) -> bytes:
    """The styled pixels where they are selected at all, and the original ones elsewhere, to the bit.

    Args:
        styled: n pixels.
        original: n pixels of the same layout.
        selection: n bytes, 0 is not selected.
        bytes_per_pixel: Bytes of one pixel of `styled` and `original`.

    Raises:
        ValueError: The lengths do not fit each other.
    """
    count, size = len(selection), bytes_per_pixel
    if not len(styled) == len(original) == count * size:
        raise ValueError(f"{count} pixels of {size} bytes are not {len(styled)} and {len(original)} bytes")
    out = bytearray(original)
    to, of = memoryview(out), memoryview(styled)
    for run in _SELECTED.finditer(selection):
        first, last = run.start() * size, run.end() * size
        to[first:last] = of[first:last]
    return bytes(out)


def copy_channel(target: bytearray, source: bytes, channel: int, channels: int, value_bytes: int) -> None:
    """Put one channel of `source` into `target`, to the bit; for alpha.

    Args:
        target: Interleaved pixels.
        source: Pixels of the same layout.
        channel: Which one, from 0.
        channels: Channels of a pixel.
        value_bytes: Bytes of one value: 1, 2, 4 or 8.

    Raises:
        ValueError: The lengths do not fit each other.
    """
    to, of = (memoryview(each).cast(_FORMATS[value_bytes]) for each in (target, source))
    if len(to) != len(of) or len(to) % channels:
        raise ValueError(f"{len(to)} and {len(of)} values are no pixels of {channels} channels")
    to[channel::channels] = of[channel::channels]


def swap_red_blue(pixels: bytes | memoryview, value_bytes: int) -> bytes:
    """BGRA pixels as RGBA, and back.

    Args:
        pixels: Interleaved pixels of four channels.
        value_bytes: Bytes of one value: 1, 2, 4 or 8.
    """
    out = bytearray(pixels)
    to, of = (memoryview(each).cast(_FORMATS[value_bytes]) for each in (out, pixels))
    to[0::4] = of[2::4]
    to[2::4] = of[0::4]
    return bytes(out)


def is_nonzero(values: bytes, value_bytes: int) -> bytes:
    """One byte for each value, 0 only where all of the value's bytes are; a selection for `keep_unselected`.

    Args:
        values: One value a pixel.
        value_bytes: Bytes of one value.
    """
    if value_bytes == 1:
        return values
    folded = 0
    for index in range(value_bytes):
        folded |= int.from_bytes(values[index::value_bytes], "little")
    return folded.to_bytes(len(values) // value_bytes, "little")
