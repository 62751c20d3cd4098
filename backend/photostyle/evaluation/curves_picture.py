"""Curves along the strength as a picture."""

from __future__ import annotations

from pathlib import Path

from photostyle.evaluation.comparison import Axes, curves
from photostyle.evaluation.plots import new_plot
from photostyle.evaluation.summary import Summary

_MARKERS = "os^Dv<>P*X"


def draw_curves(path: Path, summary: Summary, axes: Axes) -> None:
    """One line for each contestant; to the right is closer to the content, below is closer to the style.

    Args:
        path: A PNG file.
        summary: The means.
        axes: What to draw against what.

    Raises:
        ImportError: matplotlib is not installed.
    """
    figure, plot = new_plot(
        f"Along the strength, means of {len(summary.cases)} cases",
        f"{axes.across.title} ({axes.across.better} is better)",
        f"{axes.up.title} ({axes.up.better} is better)",
    )
    for number, (name, points) in enumerate(curves(summary, axes).items()):
        plot.plot(*zip(*points, strict=True), marker=_MARKERS[number % len(_MARKERS)], label=name)
    plot.legend()
    figure.savefig(path)
