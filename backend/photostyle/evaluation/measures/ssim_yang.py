"""Structural similarity as Yang's table has it."""

from __future__ import annotations

from photostyle.evaluation.measures.base import Measure, Sample
from photostyle.evaluation.measures.ssim_planes import ssim_planes

_PEAK = 2.0
"""An old library took the range of floating-point pictures for −1 to 1, though they were 0–1."""


def ssim_yang(sample: Sample) -> float:
    """SSIM of output and content per channel with a peak of 2, the protocol of Yang's published figures (−1 to 1).

    The constants being four times too large, figures are higher than everybody else's: they compare with that paper's.
    """
    return ssim_planes(sample.output, sample.content, _PEAK)


SSIM_YANG = Measure(
    name="ssim-yang",
    title="SSIM to the content (Yang's protocol)",
    paper="Wang et al. 2004; per channel with peak 2, as Yang 2019 (multi-stage) has it",
    low=-1.0,
    high=1.0,
    better="higher",
    compute=ssim_yang,
)
