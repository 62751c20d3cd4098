"""The tables of an evaluation in Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from photostyle.evaluation.contestants import UNTOUCHED
from photostyle.evaluation.ledger import Row
from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.summary import Point, Summary, curve, interpolated

ARROWS = {"higher": "↑", "lower": "↓"}
AT_SIMILARITY = (0.40, 0.43, 0.6218)
"""Where curves are compared: the prototype's marks, and the SSIM that REST's paper states."""


def shown(value: float | None) -> str:
    """A figure as people read it."""
    if value is None:
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.2f}"


def markdown(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table."""
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join(f"| {' | '.join(cell.replace('|', '∣') for cell in row)} |" for row in rows)


def means_table(summary: Summary, measures: Sequence[Measure]) -> str:
    """Every contestant's means at full strength, the best of each measure in bold."""
    best = {measure.name: _best(summary.full, measure) for measure in measures}
    header = ["method", *(_heading(measure, summary) for measure in measures), "seconds", "CPU-s"]
    lines = []
    for name, point in summary.full.items():
        cells = [_cell(point.means[m.name], best[m.name] if name != UNTOUCHED else None) for m in measures]
        lines.append([name, *cells, *("–" if s is None else f"{s:.2f}" for s in (point.wall, point.cpu))])
    return markdown(header, lines)


def _heading(measure: Measure, summary: Summary) -> str:
    counts = {point.counts[measure.name] for point in summary.full.values()}
    over = "" if counts == {len(summary.cases)} else f" (n = {max(counts)})"
    return f"{measure.name} {ARROWS[measure.better]}{over}"


def _best(points: Mapping[str, Point], measure: Measure) -> str | None:
    """The best figure as it is shown; the untouched content, which changes nothing, does not compete."""
    competing = [m for name, p in points.items() if name != UNTOUCHED and (m := p.means[measure.name]) is not None]
    if len(competing) < 2:
        return None
    return shown(max(competing) if measure.better == "higher" else min(competing))


def _cell(value: float | None, best: str | None) -> str:
    text = shown(value)
    return f"**{text}**" if text == best else text


def worst_table(summary: Summary, rows: Sequence[Row], measures: Sequence[Measure]) -> str:
    """The worst figure of each contestant at full strength, and whose it is: where to look first."""
    lines = []
    for name in summary.full:
        if name != UNTOUCHED:
            own = [row for row in rows if row.method == name]
            lines.append([name, *(_worst(own, measure) for measure in measures)])
    return markdown(["method", *(measure.name for measure in measures)], lines)


def _worst(rows: Sequence[Row], measure: Measure) -> str:
    figures = [(figure, row.case) for row in rows if (figure := row.figures[measure.name]) is not None]
    if not figures:
        return "–"
    figure, case = min(figures) if measure.better == "higher" else max(figures)
    return f"{shown(figure)} ({case})"


def strengths_table(summary: Summary, across: Measure, up: Measure) -> str:
    """Both measures of each contestant along the strength."""
    strengths = sorted({point.strength for points in summary.curves.values() for point in points})
    lines = []
    for name, points in summary.curves.items():
        by_strength = {point.strength: point.means for point in points}
        lines.append([name, *(_both(by_strength.get(s), across, up) for s in strengths)])
    return markdown([f"{across.name} / {up.name}", *(f"{s:g}" for s in strengths)], lines)


def _both(means: Mapping[str, float | None] | None, across: Measure, up: Measure) -> str:
    return "–" if means is None else f"{shown(means[across.name])} / {shown(means[up.name])}"


def interpolation_table(summary: Summary, across: Measure, up: Measure) -> str:
    """What each curve has at the marks of `AT_SIMILARITY`."""
    header = [f"{up.name} at {across.name}", *(f"{mark:g}" for mark in AT_SIMILARITY)]
    return markdown(header, list(_interpolations(summary, across, up)))


def _interpolations(summary: Summary, across: Measure, up: Measure) -> Iterator[list[str]]:
    for name in summary.curves:
        if name != UNTOUCHED:
            points = curve(summary, name, across.name, up.name)
            yield [name, *(shown(interpolated(points, mark)) for mark in AT_SIMILARITY)]
