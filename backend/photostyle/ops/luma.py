"""Luma: the weighted sum of encoded red, green and blue (Rec. 709 weights, they sum to 1)."""

from __future__ import annotations

import torch
from torch import Tensor

LUMA_WEIGHTS = (0.2126, 0.7152, 0.0722)


def luma(rgb: Tensor) -> Tensor:
    """Luma (B, 1, H, W) of encoded colours (B, 3, H, W)."""
    red, green, blue = rgb.split(1, dim=1)
    wr, wg, wb = LUMA_WEIGHTS
    return torch.add(red * wr, green, alpha=wg).add_(blue, alpha=wb)
