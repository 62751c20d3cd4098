"""The guided filter with one guide channel (He, Sun and Tang 2013), kept as coefficients to apply at any size."""

from __future__ import annotations

from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor


class GuidedCoefficients(NamedTuple):
    """q = a · I + b, smooth in space, so that it can be enlarged and applied to a larger guide.

    Attributes:
        a: (B, C, H, W).
        b: (B, C, H, W).
    """

    a: Tensor
    b: Tensor


def box_mean(x: Tensor, radius: int) -> Tensor:
    """Mean of x (B, C, H, W) over a square window that is cut off at the borders."""
    side = 2 * radius + 1
    rows = F.avg_pool2d(x, (side, 1), stride=1, padding=(radius, 0), count_include_pad=False)
    return F.avg_pool2d(rows, (1, side), stride=1, padding=(0, radius), count_include_pad=False)


def _fitting_radius(x: Tensor, radius: int) -> int:
    return max(0, min(radius, (min(x.shape[-2:]) - 1) // 2))


def guided_coefficients(guide: Tensor, x: Tensor, radius: int = 8, eps: float = 1e-3) -> GuidedCoefficients:
    """Coefficients of x (B, C, H, W) under a guide (B, 1, H, W).

    Args:
        guide: What edges to follow; 0–1.
        x: What to filter.
        radius: Of the window in pixels; shrinks for pictures that are smaller.
        eps: Guide variance below which an area counts as flat.
    """
    radius = _fitting_radius(guide, radius)
    mean_i, mean_x = box_mean(guide, radius), box_mean(x, radius)
    covariance = box_mean(guide * x, radius) - mean_i * mean_x
    variance = box_mean(guide * guide, radius) - mean_i * mean_i
    a = covariance / (variance.clamp_min(0) + eps)
    return GuidedCoefficients(box_mean(a, radius), box_mean(mean_x - a * mean_i, radius))
