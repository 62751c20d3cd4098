"""Means over the cases, and the curve of each contestant along the strength."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from photostyle.evaluation.contestants import UNTOUCHED
from photostyle.evaluation.ledger import Row


@dataclass(frozen=True)
class Point:
    """One contestant at one strength.

    Attributes:
        strength: How much of its look.
        means: By measure, over the cases where it applies; ``None`` where it applies to none.
        counts: How many those are.
        wall: Mean seconds of the full look, if it was made here.
        cpu: Mean processor seconds of it.
    """

    strength: float
    means: Mapping[str, float | None]
    counts: Mapping[str, int]
    wall: float | None
    cpu: float | None


@dataclass(frozen=True)
class Summary:
    """Figures that can be compared: all over the same cases.

    Attributes:
        cases: Those that every contestant has.
        curves: Points by contestant, by rising strength.
        missing: Contestants that have no case at all, and so no curve.
    """

    cases: Sequence[str]
    curves: Mapping[str, Sequence[Point]]
    missing: Sequence[str]

    @property
    def full(self) -> dict[str, Point]:
        """Each contestant at its full strength."""
        return {name: points[-1] for name, points in self.curves.items()}


def summarise(rows: Sequence[Row], cases: Sequence[str], contestants: Sequence[str]) -> Summary:
    """Means of these contestants over those of the cases that all of them have."""
    asked = set(cases)
    by_name = {name: [row for row in rows if row.method == name and row.case in asked] for name in contestants}
    had = {name: {row.case for row in own} for name, own in by_name.items() if own}
    common = set.intersection(*had.values()) if had else set()
    curves = {name: _curve([row for row in by_name[name] if row.case in common]) for name in had if common}
    return Summary([case for case in cases if case in common], curves, [n for n in contestants if n not in had])


def _curve(rows: Sequence[Row]) -> list[Point]:
    strengths = sorted({row.strength for row in rows})
    return [_point(strength, [row for row in rows if row.strength == strength]) for strength in strengths]


def _point(strength: float, rows: Sequence[Row]) -> Point:
    figures = {name: [f for row in rows if (f := row.figures[name]) is not None] for name in rows[0].figures}
    means = {name: _mean(values) for name, values in figures.items()}
    counts = {name: len(values) for name, values in figures.items()}
    wall, cpu = (_mean([s for row in rows if (s := getattr(row, key)) is not None]) for key in ("wall", "cpu"))
    return Point(strength, means, counts, wall, cpu)


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def curve(summary: Summary, name: str, across: str, up: str) -> list[tuple[float, float]]:
    """A contestant's points of two measures, from the untouched content on where that was judged, by rising `across`.

    Args:
        summary: The means.
        name: The contestant.
        across: The measure along x.
        up: The measure along y.
    """
    start = [] if name == UNTOUCHED else [*summary.curves.get(UNTOUCHED, ())]
    pairs = [(point.means.get(across), point.means.get(up)) for point in [*start, *summary.curves[name]]]
    return sorted((x, y) for x, y in pairs if x is not None and y is not None)


def interpolated(points: Sequence[tuple[float, float]], x: float) -> float | None:
    """The curve's value at x, straight between its points; ``None`` beyond them."""
    if not points or not points[0][0] <= x <= points[-1][0]:
        return None
    return float(np.interp(x, [point[0] for point in points], [point[1] for point in points]))
