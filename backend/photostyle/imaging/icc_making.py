"""An ICC profile for a colour space that a file named without one, so that other formats can carry it."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from photostyle.imaging.primaries import SRGB, colorants
from photostyle_protocol.color_space import ColorSpace, Curve

_WHITE = (0.9642, 1.0, 0.8249)


def profile_of(space: ColorSpace, name: str, is_grey: bool = False) -> bytes:
    """A profile of version 4: curves and, for colour, a matrix.

    Args:
        space: Its curves are no tables.
        name: Described so.
        is_grey: For pictures with one channel of colour.
    """
    curves = space.curves * 3 if len(space.curves) == 1 else space.curves
    tags = {b"desc": _text(name), b"cprt": _text("No copyright, use freely"), b"wtpt": _xyz(_WHITE)}
    if is_grey:
        tags[b"kTRC"] = _curve(curves[0])
    else:
        light = colorants(SRGB) @ np.reshape(space.matrix, (3, 3))
        tags |= {letter + b"XYZ": _xyz(column) for letter, column in zip((b"r", b"g", b"b"), light.T, strict=True)}
        tags |= {letter + b"TRC": _curve(curve) for letter, curve in zip((b"r", b"g", b"b"), curves, strict=True)}
    return _assembled(tags, b"GRAY" if is_grey else b"RGB ")


def _assembled(tags: dict[bytes, bytes], kind: bytes) -> bytes:
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4xI4s4s4s12x4s", start + len(body), 0x04200000, b"mntr", kind, b"XYZ ", b"acsp")
    return head.ljust(68, b"\0") + _xyz(_WHITE)[8:] + bytes(48) + table + body


def _text(words: str) -> bytes:
    data = words.encode("utf-16-be")
    return b"mluc" + struct.pack(">4xII2s2sII", 1, 12, b"en", b"US", len(data), 28) + data


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _curve(curve: Curve) -> bytes:
    if curve.toe == 0:
        return b"para" + bytes(4) + struct.pack(">H2x", 0) + _fixed(curve.gamma)
    numbers = (curve.gamma, curve.scale, curve.offset, curve.slope, curve.toe)
    return b"para" + bytes(4) + struct.pack(">H2x", 3) + _fixed(*numbers)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
