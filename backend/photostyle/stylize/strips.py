"""Large pictures are worked through in strips of whole rows, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator

STRIP_PIXELS = 1 << 20


def rows_of(width: int, multiple: int = 1) -> int:
    """How many rows a strip has."""
    return max(1, STRIP_PIXELS // (max(1, width) * multiple)) * multiple


def strips(height: int, width: int, multiple: int = 1) -> Iterator[slice]:
    """Row ranges of about `STRIP_PIXELS` pixels; each but the last has a multiple of `multiple` rows."""
    rows = rows_of(width, multiple)
    for first in range(0, height, rows):
        yield slice(first, min(height, first + rows))
