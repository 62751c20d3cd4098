"""A bilateral grid of affine colour transforms (Chen, Adams, Wadhwa and Hasinoff 2016).

A stylised proxy becomes smooth local colour transforms over position and luma. They are applied to the untouched
full-size pixels, so all detail is the photograph's own.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.affine_fit import fit_affine
from photostyle.ops.bilateral_space import refine, slice_rows, splat
from photostyle.ops.color_map import ColorAffine, apply_color, apply_local
from photostyle.ops.gain import calming
from photostyle.ops.luma import luma
from photostyle.ops.moments import tamed

CELL = 24
"""Side of a cell in proxy pixels."""
BINS = 8
"""Cells along luma."""
_REFINED = (4, 2)
"""Finer vertices along place and along luma, so that the grid is read without creases."""
_SLOPE_PRIOR = 4e-3
"""Variance under which a cell's own slopes give way to the region's, (0.06)²: without, flat skies show blocks."""
_EMPTY_PRIOR = 2.0
"""Pixels' worth of belief in the region's map in every cell; decides cells that hold hardly any pixels."""
_FEW = 1e-2
"""Pixels' worth of black in every cell when it is asked whether it is flat: one very bright pixel is not."""


class AffineGrid(NamedTuple):
    """A global affine map and what is added to it from place to place.

    Attributes:
        base: The best affine colour map of the whole region.
        delta: (12, bins, rows, columns), finer than the cells: row-major 3×4 matrices over (r, g, b, 1).
    """

    base: ColorAffine
    delta: Tensor


def _homogeneous(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones_like(x[:, :1])], dim=1)


def _weighted_products(x: Tensor, y: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """X xᵀ and x yᵀ for each pixel: (16, H, W) and (4·3, H, W)."""
    wx = x[0] * weight[0]
    gram = (wx[:, None] * x[0][None]).flatten(0, 1)
    cross = (wx[:, None] * y[0][None]).flatten(0, 1)
    return gram, cross


def _prior_slopes(base: ColorAffine, gram: Tensor) -> Tensor:
    """What the cells (N, 4, 4) are drawn to, as additions to the base (N, 4 from, 3 to): calm where they are flat."""
    count = gram[:, 3:, 3:] + _FEW
    mean = gram[:, :3, 3:] / count
    slopes = calming(base.matrix, gram[:, :3, :3] / count - mean @ mean.transpose(1, 2))
    # A cell of hardly any pixels is flat by chance, and where its middle lies is not known.
    slopes = slopes * (count / (count + _EMPTY_PRIOR))
    return torch.cat([slopes, -mean.transpose(1, 2) @ slopes], dim=1)


def fit_grid(content: Tensor, target: Tensor, weight: Tensor) -> AffineGrid:
    """Express a stylised proxy as local affine colour transforms of the content.

    In each cell: argmin over Δ of Σ w ‖(M + Δ) x − y‖² + λ ‖Δ − D‖², with M the region's own affine map and D what
    calms it where the cell is flat (`calming`). The penalty acts on slopes more than on offsets, so a flat area follows
    the mean of its target and keeps the region's contrast.

    Args:
        content: (1, 3, H, W).
        target: (1, 3, H, W), the stylised content.
        weight: (1, 1, H, W), how much each pixel belongs to the region.
    """
    weight = tamed(weight, content)
    base = fit_affine(content, target, weight)
    x = _homogeneous(content)
    gram, cross = _weighted_products(x, target - apply_color(content, base), weight)
    gathered = splat(torch.cat([gram, cross]), luma(content)[0, 0], CELL, BINS)
    a = gathered[:16].flatten(1).T.reshape(-1, 4, 4)
    b = gathered[16:].flatten(1).T.reshape(-1, 4, 3)
    count = a[:, 3, 3] + _EMPTY_PRIOR
    prior = torch.stack([count * _SLOPE_PRIOR] * 3 + [torch.full_like(count, _EMPTY_PRIOR)], dim=1)
    delta = torch.linalg.solve(a + torch.diag_embed(prior), b + prior[:, :, None] * _prior_slopes(base, a))
    cells = delta.transpose(1, 2).reshape(-1, 12).T.reshape(12, *gathered.shape[1:])
    return AffineGrid(base, refine(cells, *_REFINED))


def apply_grid(grid: AffineGrid, strip: Tensor, first: int, height: int) -> Tensor:
    """Transform some rows of the full-size picture.

    Args:
        grid: From `fit_grid`, at any proxy size.
        strip: Rows ``first …`` of the picture, (1, 3, h, W).
        first: Number of the first row.
        height: Rows of the whole picture.

    Returns:
        (1, 3, h, W). Only the guide is clamped, never the colours.
    """
    return apply_local(strip, grid.base, slice_rows(grid.delta, luma(strip)[0, 0], first, height))
