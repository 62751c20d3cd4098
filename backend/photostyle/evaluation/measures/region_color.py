"""How far the colours of each region are from those of its style."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from photostyle.evaluation.measures.base import Measure
from photostyle.ops.moments import channel_moments


def region_color_distance(output: Tensor, style: Tensor, regions: Sequence[tuple[Tensor, Tensor]]) -> float:
    """Mean over RGB of |Δ mean| + |Δ standard deviation|, weighted by each region's area in the output.

    Args:
        output: (1, 3, H, W), 0–1.
        style: (1, 3, h, w), 0–1.
        regions: Pairs of weights (1, 1, H, W) on the output and (1, 1, h, w) on the style.

    Returns:
        0 for equal statistics; photographs of different places are about 0.2 apart.
    """
    total = area = 0.0
    for on_output, on_style in regions:
        got, want = (channel_moments(p, m, eps=0.0) for p, m in ((output, on_output), (style, on_style)))
        distance = (got.mean - want.mean).abs().mean() + (got.std - want.std).abs().mean()
        share = float(on_output.sum())
        total, area = total + float(distance) * share, area + share
    return total / max(area, 1e-12)


COLOR_REGION = Measure(
    name="color-region",
    title="Region colour distance",
    paper="This project; first and second moments after Reinhard et al. 2001, in RGB",
    low=0.0,
    high=math.inf,
    better="lower",
    compute=lambda sample: region_color_distance(sample.output, sample.style, sample.regions),
    needs=frozenset({"regions"}),
)
