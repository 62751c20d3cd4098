"""How large a JPEG picture says that it is, before a decoder believes it."""

from __future__ import annotations

import struct
from typing import Tuple

_START, _FRAME, _SCAN = 0xD8, 0xC0, 0xDA


def jpeg_size(data: bytes) -> Tuple[int, int]:
    """Width and height of a baseline JPEG.

    Raises:
        ValueError: It is none.
    """
    if data[:2] != bytes([0xFF, _START]):
        raise ValueError("its thumbnail is no JPEG")
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _SCAN:
        kind, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if kind == _FRAME and at + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + length
    raise ValueError("its thumbnail is no baseline JPEG")
