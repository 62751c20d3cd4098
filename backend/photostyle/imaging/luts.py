"""Colour lookup tables as other programs read them: .cube files and HaldCLUT pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photostyle.stylize.task import Pixels

HALD_LEVEL = 8
HALD_SIZE = HALD_LEVEL**2
"""Nodes along each side of the table that such a picture holds."""

Table = NDArray[Any]
"""(N³, 3) sRGB values at the nodes of a cube, 0–1 and beyond; red changes fastest, then green."""


def cube_text(table: Table, title: str, comments: Sequence[str]) -> str:
    """A table as a .cube file (Adobe, Cube LUT Specification 1.0).

    Args:
        table: With two to 256 nodes along each side.
        title: What people call it.
        comments: Lines for people, such as the colour space, for which the format has no word.
    """
    size = round(len(table) ** (1 / 3))
    lines = [f"# {_plain(comment)}" for comment in comments]
    lines += [f'TITLE "{_plain(title)}"', f"LUT_3D_SIZE {size}", "DOMAIN_MIN 0 0 0", "DOMAIN_MAX 1 1 1"]
    lines += ["{:.6f} {:.6f} {:.6f}".format(*row) for row in table.tolist()]
    return "\n".join(lines) + "\n"


def hald_pixels(table: Table, bits: int) -> Pixels:
    """A table of `HALD_SIZE` nodes along each side as a HaldCLUT picture of `HALD_LEVEL`, 512 × 512.

    Args:
        table: The table; what lies beyond 0–1 is cut off.
        bits: 8 or 16 for each channel.
    """
    side = HALD_LEVEL**3
    full = 2**bits - 1
    levels: Pixels = np.rint(table.clip(0, 1) * full).astype(f"uint{bits}")
    return levels.reshape(side, side, 3)


def _plain(text: str) -> str:
    """In one line, and without what would end a quotation."""
    return "".join(c for c in text if c.isprintable()).replace('"', "'")
