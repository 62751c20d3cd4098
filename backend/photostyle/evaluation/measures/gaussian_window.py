"""The window that structural similarity looks through: a Gaussian of eleven taps, σ 1.5."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

TAPS, _SIGMA = 11, 1.5
HALF = TAPS // 2


def kernel() -> Tensor:
    """(11,) float64, sums to 1."""
    x = torch.arange(TAPS, dtype=torch.float64) - HALF
    weights = torch.exp(-(x**2) / (2 * _SIGMA**2))
    return weights / weights.sum()


def window_means(plane: Tensor) -> Tensor:
    """Weighted means of a plane (H, W; float64) in all windows that lie inside it, (H − 10, W − 10).

    One plane at a time: several at once leave the processor's cache and take ten times as long.
    """
    weights = kernel().to(plane.device)
    columns = F.conv2d(plane[None, None], weights.view(1, 1, TAPS, 1))
    return F.conv2d(columns, weights.view(1, 1, 1, TAPS))[0, 0]


def replicated(plane: Tensor) -> Tensor:
    """A plane (H, W) with its border repeated, so that every pixel has a window."""
    return F.pad(plane[None, None], (HALF, HALF, HALF, HALF), mode="replicate")[0, 0]
