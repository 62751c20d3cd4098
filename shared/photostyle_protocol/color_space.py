"""What the numbers of a picture's pixels mean: curves from numbers to light, and primaries."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Tuple

from photostyle_protocol.errors import ProtocolError

TABLE_KNOTS = 256
"""Most knots of a curve that is given as a table."""

_LARGEST = 100.0
"""No number of a matrix or of a curve is beyond this."""

_SEAM = 1e-3
"""How far the two parts of a curve may lie apart where they meet."""

_LEAST_VOLUME = 1e-4
"""Primaries that span less than this of sRGB's volume cannot be told apart."""

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def _are_small(numbers: Tuple[float, ...]) -> bool:
    return all(math.isfinite(number) and abs(number) <= _LARGEST for number in numbers)


def _determinant(matrix: Tuple[float, ...]) -> float:
    a, b, c, d, e, f, g, h, i = matrix
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


@dataclass(frozen=True)
class Curve:
    """Linear light y of a number x, rising; the defaults are sRGB's.

    y = slope · x below the toe, (scale · x + offset) ** gamma from there on; odd below 0, and going on beyond 1. With
    a table, y is linear between its knots, which lie at equal distances from x = 0 to x = 1, and goes on straight
    beyond them; the other values mean nothing then.

    Attributes:
        gamma: 0.1 to 10.
        scale: Above 0.
        offset: Of the root.
        slope: Of the straight part, above 0 where there is one.
        toe: Where the straight part ends, 0 to 1; 0 if there is none.
        table: Rising values of y, none or 2 to `TABLE_KNOTS` of them.

    Raises:
        ProtocolError: A value is out of its range, or the curve does not rise.
    """

    gamma: float = 2.4
    scale: float = 1 / 1.055
    offset: float = 0.055 / 1.055
    slope: float = 1 / 12.92
    toe: float = 0.04045
    table: Tuple[float, ...] = ()

    def __post_init__(self) -> None:
        numbers = (self.gamma, self.scale, self.offset, self.slope, self.toe, *self.table)
        if not _are_small(numbers) or not (self._table_rises() if self.table else self._formula_rises()):
            raise ProtocolError("The curve of a colour space does not rise, or has numbers out of their range.")

    @property
    def is_linear(self) -> bool:
        """Whether y = x."""
        return not self.table and (self.gamma, self.scale, self.offset) == (1.0, 1.0, 0.0)

    @property
    def knee(self) -> float:
        """Light where the straight part ends."""
        return self.slope * self.toe

    def _table_rises(self) -> bool:
        rises = all(self.table[i] < self.table[i + 1] for i in range(len(self.table) - 1))
        return rises and 2 <= len(self.table) <= TABLE_KNOTS

    def _formula_rises(self) -> bool:
        if not (0.1 <= self.gamma <= 10 and self.scale > 0 and 0 <= self.toe <= 1 and self.slope >= 0):
            return False
        root = self.scale * self.toe + self.offset
        return root >= 0 and (self.toe == 0 or self.slope > 0) and abs(root**self.gamma - self.knee) <= _SEAM


@dataclass(frozen=True)
class ColorSpace:
    """How numbers become colour: a curve for each channel, then a matrix.

    Attributes:
        curves: One for all channels, or three.
        matrix: Nine numbers, row by row, from linear light in this space to linear light in sRGB's primaries.

    Raises:
        ProtocolError: Another number of curves or of values, or a matrix that cannot be inverted.
    """

    curves: Tuple[Curve, ...] = (Curve(),)
    matrix: Tuple[float, ...] = IDENTITY

    def __post_init__(self) -> None:
        if len(self.curves) not in (1, 3) or len(self.matrix) != 9:
            raise ProtocolError("A colour space has one curve or three, and a matrix of nine numbers.")
        if not _are_small(self.matrix) or abs(_determinant(self.matrix)) < _LEAST_VOLUME:
            raise ProtocolError("The matrix of a colour space cannot be inverted.")


LINEAR_LIGHT = ColorSpace((Curve(gamma=1.0, scale=1.0, offset=0.0, slope=1.0, toe=0.0),))
"""sRGB's primaries, and numbers that are light."""
