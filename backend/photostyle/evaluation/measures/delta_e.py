"""Colour difference to a truth, as the eye sees it."""

from __future__ import annotations

import math

from torch import Tensor

from photostyle.evaluation.measures.base import Measure
from photostyle.ops.delta_e import delta_e_2000
from photostyle.ops.lab import rgb_to_lab


def mean_delta_e(output: Tensor, truth: Tensor) -> float:
    """Mean CIEDE2000 of two sRGB pictures (1, 3, H, W), 0–1, under D65."""
    return float(delta_e_2000(rgb_to_lab(output.double()), rgb_to_lab(truth.double())).mean())


DELTA_E = Measure(
    name="delta-e",
    title="CIE ΔE2000 to the truth",
    paper="CIE 142-2001; Sharma, Wu and Dalal 2005",
    low=0.0,
    high=math.inf,
    better="lower",
    compute=lambda sample: mean_delta_e(sample.output, sample.known_truth()),
    needs=frozenset({"truth"}),
)
