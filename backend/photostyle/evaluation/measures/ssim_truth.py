"""Structural similarity to a truth."""

from __future__ import annotations

from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.measures.ssim_planes import ssim_planes

SSIM_TRUTH = Measure(
    name="ssim-truth",
    title="SSIM to the truth",
    paper="Wang et al. 2004, per channel of RGB",
    low=-1.0,
    high=1.0,
    better="higher",
    compute=lambda sample: ssim_planes(sample.output, sample.known_truth()),
    needs=frozenset({"truth"}),
)
