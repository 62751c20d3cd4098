"""Colour profiles made from nothing, with effects that a test can state exactly."""

from __future__ import annotations

import functools
import struct

from PIL import ImageCms


@functools.cache
def srgb_profile() -> bytes:
    """Plain sRGB; made once, because it carries the time of its making."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """A space in which red and blue change places: (r, g, b) there is (b, g, r) in sRGB."""
    data = srgb_profile()
    swapped = data[128:].replace(b"rXYZ", b"????", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"????", b"bXYZ", 1)
    return data[:128] + swapped


def grey_profile() -> bytes:
    """Grey with gamma 2.2."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    white = b"XYZ " + bytes(4) + struct.pack(">iii", 63190, 65536, 54061)
    tags = [(b"kTRC", curve), (b"wtpt", white)]
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    header = bytearray(128)
    header[0:4] = struct.pack(">I", offset + len(body))
    header[8:12], header[12:24], header[36:40] = b"\x02\x20\0\0", b"mntrGRAYXYZ ", b"acsp"
    header[68:80] = struct.pack(">iii", 63190, 65536, 54061)
    return bytes(header) + table + body


def table_only_profile() -> bytes:
    """A profile for RGB without curves and matrix."""
    return srgb_profile().replace(b"rTRC", b"A2B0")
