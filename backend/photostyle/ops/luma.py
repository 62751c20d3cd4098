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


def with_luma(rgb: Tensor, wanted: Tensor) -> Tensor:
    """Colours (B, 3, H, W) moved along the grey axis to the luma (B, 1, H, W) that is wanted."""
    return rgb + (wanted - luma(rgb))


def within_range(rgb: Tensor) -> Tensor:
    """Colours (B, 3, H, W) beyond 0–1 drawn towards the grey of their luma until they fit; hue and luma stay."""
    grey = luma(rgb).clamp(0, 1)
    chroma = rgb - grey
    room = torch.where(chroma > 0, 1 - grey, grey)
    share = (room / chroma.abs().clamp_min(1e-6)).amin(1, keepdim=True).clamp(max=1)
    return grey + share * chroma
