"""Affine maps of colour, one for each region, blended by soft masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.gain import limit_gain
from photostyle.ops.small_algebra import like, on_cpu


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


def apply_local(x: Tensor, base: ColorAffine, delta: Tensor) -> Tensor:
    """Map every pixel of x (1, 3, H, W) by a global map plus a map of its own.

    Args:
        x: The colours.
        base: For all pixels.
        delta: (12, H, W): row-major 3×4 matrices over (r, g, b, 1), added to `base`.
    """
    matrices = delta.view(3, 4, *x.shape[-2:])
    return apply_color(x, base) + (matrices[:, :3] * x).sum(1) + matrices[:, 3]


def blend_color(x: Tensor, maps: Sequence[ColorAffine], weights: Sequence[Tensor]) -> Tensor:
    """Σ mₖ · (Aₖ x + bₖ) for region weights mₖ (B, 1, H, W) that sum to 1 at every pixel."""
    if len(maps) == 1:
        return apply_color(x, maps[0])
    return sum((m * apply_color(x, a) for a, m in zip(maps, weights, strict=True)), start=x.new_zeros(()))


def mixed(first: ColorAffine, second: ColorAffine, amount: float) -> ColorAffine:
    """The map that is `amount` of the way from the first to the second."""
    return ColorAffine(torch.lerp(first.matrix, second.matrix, amount), torch.lerp(first.offset, second.offset, amount))


def limited(color_map: ColorAffine) -> ColorAffine:
    """The nearest map that stretches no direction of colour by more than `MAX_GAIN`."""
    (matrix,) = on_cpu([color_map.matrix])
    return color_map._replace(matrix=like(limit_gain(matrix), color_map.matrix))
