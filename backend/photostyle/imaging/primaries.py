"""From chromaticities to matrices: light in some primaries as light in sRGB's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

SRGB = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
"""x and y of red, green, blue and white (IEC 61966-2-1)."""

_D50 = np.array([0.9642, 1.0, 0.8249])
"""White of ICC's connection space (ICC.1, 7.2.16)."""

_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
"""XYZ to the cone responses in which whites are adapted (ICC.1, annex E)."""


def colorants(chromaticities: Sequence[float]) -> Matrix:
    """XYZ of red, green and blue, as columns, adapted to the white of ICC's connection space.

    Args:
        chromaticities: x and y of red, green, blue and white.

    Raises:
        ValueError: They are no primaries.
    """
    x, y = np.asarray(chromaticities, np.float64).reshape(4, 2).T
    if (y <= 0).any():
        raise ValueError("a chromaticity has no light")
    corners = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    primaries, white = corners[:, :3], corners[:, 3]
    try:
        scaled = primaries * np.linalg.solve(primaries, white)
    except np.linalg.LinAlgError as error:
        raise ValueError("the primaries lie on a line") from error
    cones = (_BRADFORD @ _D50) / (_BRADFORD @ white)
    adapted: Matrix = np.linalg.solve(_BRADFORD, cones[:, None] * (_BRADFORD @ scaled))
    return adapted


def to_srgb(xyz: Matrix) -> tuple[float, ...]:
    """Nine numbers, row by row: the matrix from light in the primaries of these `colorants` to light in sRGB's."""
    return tuple(np.linalg.solve(colorants(SRGB), xyz).flatten().tolist())
