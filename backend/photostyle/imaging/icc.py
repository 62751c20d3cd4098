"""ICC profiles of the kind that is curves and a matrix, as `ColorSpace`."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from photostyle.imaging.primaries import to_srgb
from photostyle_protocol.color_space import IDENTITY, TABLE_KNOTS, ColorSpace, Curve
from photostyle_protocol.errors import ProtocolError

Numbers = NDArray[np.float64]

_HEADER, _MOST_TAGS = 128, 200

_ALIKE = 1e-3
"""A matrix within this of identity is sRGB's: profiles round its colorants in several ways."""

_SAME_CURVE = 2e-4
"""Curves are the same where they lead to the same sRGB number within this: a twentieth of an 8-bit level."""

_DIP = 1e-3
"""A table that falls by more than this is no curve."""


def space_of(icc_profile: bytes) -> ColorSpace | None:
    """The colour space that a profile of curves and a matrix describes; ``None`` is sRGB.

    Raises:
        ValueError: It is damaged, or of another kind (tables of colours, other connection spaces).
    """
    try:
        with np.errstate(all="ignore"):  # numbers that leave all bounds are refused where they end
            return _space(icc_profile)
    except (struct.error, IndexError, KeyError, np.linalg.LinAlgError, ProtocolError, OverflowError) as error:
        raise ValueError(f"the profile has no curves and matrix ({type(error).__name__})") from error


def _space(profile: bytes) -> ColorSpace | None:
    kind, connection = profile[16:20], profile[20:24]
    if connection != b"XYZ ":
        raise ValueError("its connection space is not XYZ")
    tags = _tags(profile)
    if kind == b"GRAY":
        return _unless_srgb((_curve(tags[b"kTRC"]),), IDENTITY)
    if kind != b"RGB ":
        raise ValueError("it is not for RGB or grey")
    curves = tuple(_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
    matrix = to_srgb(np.stack([_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1))
    return _unless_srgb(curves[:1] if len(set(curves)) == 1 else curves, matrix)


def _unless_srgb(curves: tuple[Curve, ...], matrix: tuple[float, ...]) -> ColorSpace | None:
    alike = np.abs(np.subtract(matrix, IDENTITY)).max() <= _ALIKE
    space = ColorSpace(curves, IDENTITY if alike else matrix)
    return None if space == ColorSpace() else space


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, _HEADER)
    entries = (struct.unpack_from(">4sII", profile, _HEADER + 4 + 12 * i) for i in range(min(count, _MOST_TAGS)))
    return {name: profile[start : start + size] for name, start, size in entries}


def _fixed(data: bytes, start: int, count: int) -> Numbers:
    """S15Fixed16 numbers."""
    return np.array(struct.unpack_from(f">{count}i", data, start), np.float64) / 65536


def _xyz(tag: bytes) -> Numbers:
    if tag[:4] != b"XYZ ":
        raise ValueError("a colorant is of another kind")
    return _fixed(tag, 8, 3)


def _curve(tag: bytes) -> Curve:
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        return _of_table(tag, count) if count > 1 else _power(1.0 if count == 0 else _gamma(tag))
    if tag[:4] == b"para":
        return _of_formula(struct.unpack_from(">H", tag, 8)[0], tag)
    raise ValueError("a curve is of another kind")


def _gamma(tag: bytes) -> float:
    return float(struct.unpack_from(">H", tag, 12)[0]) / 256


def _power(gamma: float) -> Curve:
    return Curve(gamma=gamma, scale=1.0, offset=0.0, slope=1.0 if gamma == 1.0 else 0.0, toe=0.0)


def _of_formula(kind: int, tag: bytes) -> Curve:
    """A parametric curve (ICC.1, table 68); the kinds without a counterpart are sampled."""
    g, a, b, c, d, e, f = (*_fixed(tag, 12, (1, 3, 4, 5, 7)[kind]).tolist(), *(0.0,) * 6)[:7]
    if kind == 0:
        return _power(g)
    if kind == 3:
        with contextlib.suppress(ProtocolError):
            curve = Curve(g, a, b, c, d)
            return Curve() if _same(_formula(curve), _formula(Curve())) else curve
    if a <= 0:
        raise ValueError("a curve falls")
    start, shift, line = _parts(kind, (a, b, c, d, e, f))
    return _sampled(
        lambda x: np.where(x >= start, np.maximum(a * x + b, 0) ** g + shift, line[0] * x + line[1]),
    )


def _parts(kind: int, numbers: tuple[float, ...]) -> tuple[float, float, tuple[float, float]]:
    """Where the power begins, what is added to it, and slope and height of the line before it."""
    a, b, c, d, e, f = numbers
    if kind == 1:
        return -b / a, 0.0, (0.0, 0.0)
    if kind == 2:
        return -b / a, c, (0.0, c)
    return d, e, (c, f)


def _of_table(tag: bytes, count: int) -> Curve:
    knots = np.array(struct.unpack_from(f">{count}H", tag, 12), np.float64) / 65535
    return _sampled(lambda x: np.interp(x, np.linspace(0, 1, count), knots))


def _sampled(curve: Callable[[Numbers], Numbers]) -> Curve:
    """A curve that is known at any place: sRGB's or a power where it is one, else a table."""
    middle = float(curve(np.array(0.5)))
    power = _power(round(float(np.log(middle) / np.log(0.5)), 3) if 0 < middle < 1 else 1.0)
    for known in (Curve(), power):
        if _same(curve, _formula(known)):
            return known
    heights = curve(np.linspace(0, 1, TABLE_KNOTS))
    if not np.isfinite(heights).all() or (np.diff(heights) < -_DIP).any():
        raise ValueError("a curve falls, or leaves all numbers")
    # A flat part has no way back: let it rise by less than a 16-bit level.
    rising = np.maximum.accumulate(heights) + np.linspace(0, 1e-5, TABLE_KNOTS)
    return Curve(table=tuple(rising.tolist()))


def _formula(curve: Curve) -> Callable[[Numbers], Numbers]:
    return lambda x: np.where(x < curve.toe, curve.slope * x, (curve.scale * x + curve.offset) ** curve.gamma)


def _same(one: Callable[[Numbers], Numbers], other: Callable[[Numbers], Numbers]) -> bool:
    x = np.linspace(0, 1, 1024)
    return bool(np.abs(_encoded(one(x)) - _encoded(other(x))).max() <= _SAME_CURVE)


def _encoded(light: Numbers) -> Numbers:
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
