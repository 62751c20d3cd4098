"""How a picture is cut into tiles that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from torch import Tensor

from photostyle.stylize import strips

SIDE = 256
"""Width of a tile without its surroundings, which would be too much of a narrower one; a wider one leaves the cache."""
_STRIPS = 4
"""So many strips of the composition are painted at a time: the surroundings of a single one would be too much."""


class Span(NamedTuple):
    """A part of one side of a picture.

    Attributes:
        start: Where the part begins.
        stop: Where it ends.
        before: How much of its surroundings comes before it.
        after: And after it.
    """

    start: int
    stop: int
    before: int
    after: int

    @classmethod
    def within(cls, start: int, stop: int, halo: int, length: int) -> Span:
        """A part with its surroundings, which end where the picture does."""
        return cls(start, stop, min(halo, start), min(halo, length - stop))

    @property
    def outer(self) -> slice:
        """With its surroundings."""
        return slice(self.start - self.before, self.stop + self.after)

    @property
    def inner(self) -> slice:
        """Within what `outer` cuts out."""
        return slice(self.before, self.before + self.stop - self.start)


def spans(length: int, size: int, halo: int) -> Iterator[Span]:
    """Parts of that size, which have to be a multiple of what the halo is a multiple of."""
    for start in range(0, length, size):
        yield Span.within(start, min(length, start + size), halo, length)


def band_rows(width: int, multiple: int) -> int:
    """Rows of a picture that are painted at a time: whole strips of the composition, and whole tiles."""
    return strips.rows_of(width) * max(_STRIPS, multiple)


def core_of(features: Tensor, rows: Span, columns: Span) -> Tensor:
    """The tile's own part of features (1, C, h, w) of it with its surroundings, perhaps smaller by a factor."""
    return features[..., _core(rows, features.shape[-2]), _core(columns, features.shape[-1])]


def _core(span: Span, count: int) -> slice:
    length = span.outer.stop - span.outer.start
    factor = max(1, round(length / count))
    return slice(span.inner.start // factor, -(-span.inner.stop // factor))
