"""How far contrast may be stretched: nearly flat content must not become noise."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.small_algebra import like, solved

MAX_GAIN = 5.0
"""No deviation of a channel or of a colour direction is stretched by more than this."""


CALM_GAIN = 1.5
"""The same where a photograph is flat: all the detail there is noise, and in a JPEG the squares of its compression."""
_FLAT = 1e-3
"""Variance that decides what is flat, (0.03)² or eight steps of 8 bits: chosen by eye, the grain of a blue sky."""


def limit_gain(matrix: Tensor, most: float = MAX_GAIN) -> Tensor:
    """The nearest matrices (B, 3, 3) that stretch no direction by more than `most`."""
    left, stretch, right = torch.linalg.svd(matrix.cpu())
    return like((left * stretch.clamp(max=most)[:, None, :]) @ right, matrix)


def calming(matrix: Tensor, covariance: Tensor) -> Tensor:
    """What to add to a colour map so that it stretches noise no further than `CALM_GAIN` where a picture is flat.

    D = f (C − M) (Σ + fI)⁻¹, with C the limited M and f the variance that counts as flat: M + D is C along the colour
    directions in which Σ is far below f, and M along those in which it is far above.

    Args:
        matrix: M, (1, 3, 3).
        covariance: Σ of the colours of each place, (N, 3, 3).

    Returns:
        Dᵀ, (N, 3 from, 3 to).
    """
    wanted = (limit_gain(matrix, CALM_GAIN) - matrix).transpose(1, 2)
    flat = _FLAT * torch.eye(3, device=matrix.device)
    added: Tensor = _FLAT * solved(covariance + flat, wanted.expand_as(covariance))
    return added
