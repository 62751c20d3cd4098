"""Affine maps of colour, one for each region, blended by soft masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class ColorAffine(NamedTuple):
    """rgb ↦ matrix · rgb + offset.

    Attributes:
        matrix: (B, 3, 3).
        offset: (B, 3).
    """

    matrix: Tensor
    offset: Tensor


def apply_color(x: Tensor, color_map: ColorAffine) -> Tensor:
    """Map every pixel of x (B, 3, H, W)."""
    flat = torch.baddbmm(color_map.offset[:, :, None], color_map.matrix, x.flatten(2))
    return flat.view_as(x)


def blend_color(x: Tensor, maps: Sequence[ColorAffine], weights: Sequence[Tensor]) -> Tensor:
    """Σ mₖ · (Aₖ x + bₖ) for region weights mₖ (B, 1, H, W) that sum to 1 at every pixel."""
    if len(maps) == 1:
        return apply_color(x, maps[0])
    return sum((m * apply_color(x, a) for a, m in zip(maps, weights, strict=True)), start=x.new_zeros(()))
