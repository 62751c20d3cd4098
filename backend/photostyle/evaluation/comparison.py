"""The comparison that counts: closeness to the content against closeness to the style."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from photostyle.evaluation.contestants import UNTOUCHED
from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.summary import Summary, curve

_ACROSS = ("ssim", "ssim-yang", "ssim-edges", "psnr")
_UP = ("gram-region", "color-region", "gram", "cov", "delta-e")


class Axes(NamedTuple):
    """The two measures to follow along the strength."""

    across: Measure
    up: Measure

    @property
    def opposed(self) -> bool:
        """Whether more of the one costs some of the other; two distances to a truth are not."""
        return "truth" not in self.across.needs | self.up.needs


def axes_of(summary: Summary, measures: Sequence[Measure]) -> Axes | None:
    """SSIM and region Gram distance, or the next best that were measured; ``None`` where nothing of it was."""
    across, up = (_first(names, summary, measures) for names in (_ACROSS, _UP))
    return Axes(across, up) if across and up else None


def _first(names: Sequence[str], summary: Summary, measures: Sequence[Measure]) -> Measure | None:
    by_name = {measure.name: measure for measure in measures}
    had = [name for name in names if name in by_name and any(p.counts[name] for p in summary.full.values())]
    return by_name[had[0]] if had else None


def curves(summary: Summary, axes: Axes) -> dict[str, list[tuple[float, float]]]:
    """The curve of each contestant that has a strength."""
    named = {name: curve(summary, name, axes.across.name, axes.up.name) for name in summary.curves}
    return {name: points for name, points in named.items() if name != UNTOUCHED and points}
