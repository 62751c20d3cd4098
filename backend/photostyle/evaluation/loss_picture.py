"""How the losses of a method went, as a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from photostyle.evaluation.plots import new_plot
from photostyle.stylize.task import Pixels
from photostyle_protocol.outcome import LossCurve

_WIDE = 10.0
"""From this ratio of the largest to the smallest loss on, the axis is logarithmic."""


def loss_picture(curves: Sequence[LossCurve], title: str) -> Pixels:
    """One line for each loss, along the seconds; what is minimised is drawn thicker.

    Args:
        curves: At least one.
        title: Above the plot.

    Returns:
        (H, W, 3) uint8.

    Raises:
        ImportError: matplotlib is not installed.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure, plot = new_plot(title, "seconds", "loss")
    for curve in curves:
        width = 2.5 if curve.name == "total" else 1.2
        mark = "." if len(curve.values) == 1 else None
        plot.plot(curve.seconds, curve.values, label=curve.name, linewidth=width, marker=mark)
    values = [value for curve in curves for value in curve.values]
    if min(values) > 0 and max(values) / min(values) > _WIDE:
        plot.set_yscale("log")
    plot.legend()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3]
