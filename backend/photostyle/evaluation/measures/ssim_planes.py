"""Structural similarity of each channel by itself."""

from __future__ import annotations

import math

from torch import Tensor

from photostyle.evaluation.measures.gaussian_window import TAPS, window_means
from photostyle.evaluation.measures.similarity import WindowMeans, products, similarity


def ssim_planes(a: Tensor, b: Tensor, peak: float = 1.0) -> float:
    """SSIM (Wang et al. 2004): Gaussian window of 11 × 11, σ 1.5, windows inside the picture only, mean over channels.

    Args:
        a: (1, C, H, W), 0–1.
        b: The same shape.
        peak: The range that the values are said to have.

    Returns:
        −1 to 1; 1 for equal pictures; nan where the picture is smaller than the window.
    """
    if min(a.shape[-2:]) < TAPS:
        return math.nan
    channels = zip(a[0].double(), b[0].double(), strict=True)
    found = [similarity(WindowMeans(*map(window_means, products(x, y))), peak) for x, y in channels]
    return sum(found) / len(found)
