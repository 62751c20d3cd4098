"""Statistics of a whole that is never there: the method is begun anew for each tile until all answers are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.overview import Overview, Weighted
from photostyle.ops.gaussian import Gaussian, GaussianSum
from photostyle.stylize.tiles import Span, core_of

T = TypeVar("T")
Paint = Callable[[Overview], Tensor]
"""Runs the method on one tile."""


class _UnansweredError(Exception):
    """A question whose answer needs every tile."""


class Replay(Overview):
    """Answers what is asked of the whole.

    A tile's run is stopped at the first question that has no answer yet. Once each tile was run as far, the answer is
    known, and the next runs come one question further. So it needs to know nothing of a network but that it asks.

    Args:
        content: See `Overview`.
        regions: See `Overview`.
        is_coarse: See `Overview`.
    """

    def __init__(self, content: Tensor, regions: Sequence[Region], *, is_coarse: bool = False) -> None:
        self.content = content
        self.regions = regions
        self.is_coarse = is_coarse
        self._answers: list[Any] = []
        self._next = 0
        self._sums: list[GaussianSum] = []
        self._tile: tuple[Span, Span] | None = None

    def run(self, tile: tuple[Span, Span], paint: Paint) -> Tensor | None:
        """The picture of one tile, or nothing where an answer was missing: then the tile has had its say in it."""
        self._tile = tile
        self.begin()
        try:
            return paint(self)
        except _UnansweredError:
            return None

    def begin(self) -> None:
        """The method starts asking anew."""
        self._next = 0

    def conclude(self) -> None:
        """Every tile has had its say: the answer is known."""
        self._answers.append([found.total() for found in self._sums])
        self._sums = []

    def gaussians(self, asked: Sequence[Weighted]) -> list[Gaussian]:
        """See `Overview.gaussians`."""
        if self._next < len(self._answers):
            return self._answer()  # type: ignore[no-any-return] # what `conclude` has put there
        self._listen(asked)
        raise _UnansweredError

    def once(self, make: Callable[[], T]) -> T:
        """See `Overview.once`."""
        if self._next == len(self._answers):
            self._answers.append(make())
        return self._answer()  # type: ignore[no-any-return]

    def _answer(self) -> Any:  # noqa: ANN401 - of `gaussians` or of anything that is made once
        self._next += 1
        return self._answers[self._next - 1]

    def _listen(self, asked: Iterable[Weighted]) -> None:
        assert self._tile is not None  # noqa: S101 - a method asks only while it runs
        questions = list(asked)
        self._sums = self._sums or [GaussianSum() for _ in questions]
        for found, part in zip(self._sums, questions, strict=True):
            found.add(*(core_of(x, *self._tile) for x in part))
