"""How far contrast may be stretched: nearly flat content must not become noise."""

from __future__ import annotations

import torch
from torch import Tensor

MAX_GAIN = 5.0
"""No deviation of a channel or of a colour direction is stretched by more than this."""


def limit_gain(matrix: Tensor) -> Tensor:
    """The nearest matrices (B, 3, 3) that stretch no direction by more than `MAX_GAIN`."""
    left, stretch, right = torch.linalg.svd(matrix)
    limited: Tensor = (left * stretch.clamp(max=MAX_GAIN)[:, None, :]) @ right
    return limited
