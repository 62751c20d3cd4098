"""How every plot looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 150


def new_plot(title: str, across: str, up: str) -> tuple[Figure, Axes]:
    """An empty figure with one plot in it.

    Args:
        title: Above it.
        across: What is to the right.
        up: What is above.

    Raises:
        ImportError: matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6.5), dpi=DPI, layout="constrained")
    plot = figure.add_subplot()
    plot.set_title(title)
    plot.set_xlabel(across)
    plot.set_ylabel(up)
    plot.grid(alpha=0.3)
    return figure, plot
