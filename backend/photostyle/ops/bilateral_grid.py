"""A bilateral grid of affine colour transforms (Chen, Adams, Wadhwa and Hasinoff 2016).

A stylised proxy becomes smooth local colour transforms over position and luma. They are applied to the untouched
full-size pixels, so all detail is the photograph's own.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.color_map import ColorAffine, apply_color
from photostyle.ops.luma import luma
from photostyle.ops.sampling import row_positions

CELL = 32
"""Side of a cell in proxy pixels."""
BINS = 8
"""Cells along luma."""
_SLOPE_PRIOR = 4e-3
"""Variance under which a cell's own slopes give way to the region's, (0.06)²: without, flat skies show blocks."""
_EMPTY_PRIOR = 2.0
"""Pixels' worth of belief in the region's map in every cell; decides cells that hold hardly any pixels."""
_RIDGE = 1e-5


class AffineGrid(NamedTuple):
    """A global affine map and what each cell adds to it.

    Attributes:
        base: The best affine colour map of the whole region.
        delta: (1, 12, bins, rows, columns): row-major 3×4 matrices over (r, g, b, 1), added to `base`.
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


def fit_affine(x: Tensor, y: Tensor, weight: Tensor) -> ColorAffine:
    """The affine colour map with the least weighted squared error from x to y, both (1, 3, H, W)."""
    inputs = _homogeneous(x)[0].flatten(1).double()
    weighted = inputs * (weight.flatten() / weight.sum().clamp_min(1e-12)).double()
    ridge = _RIDGE * torch.eye(4, dtype=torch.float64, device=x.device)
    identity = torch.eye(4, 3, dtype=torch.float64, device=x.device)
    gram, cross = weighted @ inputs.T, weighted @ y[0].flatten(1).double().T
    solved = torch.linalg.solve(gram + ridge, cross + ridge @ identity).T.to(x.dtype)
    return ColorAffine(solved[None, :, :3], solved[None, :, 3])


def _tent(cells: int, length: int, device: torch.device) -> Tensor:
    """(cells, length): how much each pixel counts for each cell, linear between cell centres."""
    position = (torch.arange(length, device=device) + 0.5) * (cells / length) - 0.5
    position = position.clamp(0, cells - 1)
    return (1 - (position - torch.arange(cells, device=device)[:, None]).abs()).clamp_min(0)


def _bin_weights(guide: Tensor, index: int) -> Tensor:
    return (1 - (guide.clamp(0, 1) * (BINS - 1) - index).abs()).clamp_min(0)


def _splat(planes: Tensor, guide: Tensor) -> Tensor:
    """Gather (C, H, W) planes into (C, bins, rows, columns)."""
    height, width = planes.shape[-2:]
    rows = _tent(max(1, round(height / CELL)), height, planes.device)
    columns = _tent(max(1, round(width / CELL)), width, planes.device)
    return torch.stack([rows @ (planes * _bin_weights(guide, z)[0]) @ columns.T for z in range(BINS)], dim=1)


def _blur(grid: Tensor) -> Tensor:
    """Blur (C, bins, rows, columns) with 1-2-1 along each axis, so that neighbouring cells agree."""
    kernel = torch.tensor([0.25, 0.5, 0.25], device=grid.device)
    x = grid[:, None]
    for axis in range(3):
        shape, pad = [1, 1, 1, 1, 1], [0] * 6
        shape[2 + axis] = 3
        pad[4 - 2 * axis : 6 - 2 * axis] = [1, 1]
        x = F.conv3d(F.pad(x, pad, mode="replicate"), kernel.view(shape))
    return x[:, 0]


def fit_grid(content: Tensor, target: Tensor, weight: Tensor) -> AffineGrid:
    """Express a stylised proxy as local affine colour transforms of the content.

    In each cell: argmin over Δ of Σ w ‖(M + Δ) x − y‖² + λ ‖Δ‖², with M the region's own affine map. The penalty acts
    on slopes more than on offsets, so a flat area follows the mean of its target and keeps the region's contrast.

    Args:
        content: (1, 3, H, W).
        target: (1, 3, H, W), the stylised content.
        weight: (1, 1, H, W), how much each pixel belongs to the region.
    """
    base = fit_affine(content, target, weight)
    x = _homogeneous(content)
    gram, cross = _weighted_products(x, target - apply_color(content, base), weight)
    guide = luma(content)[0]
    gathered = _blur(_splat(torch.cat([gram, cross]), guide))
    cells = gathered.shape[1:]
    a = gathered[:16].flatten(1).T.reshape(-1, 4, 4)
    b = gathered[16:].flatten(1).T.reshape(-1, 4, 3)
    count = a[:, 3, 3] + _EMPTY_PRIOR
    prior = torch.stack([count * _SLOPE_PRIOR] * 3 + [torch.full_like(count, _EMPTY_PRIOR)], dim=1)
    delta = torch.linalg.solve(a + torch.diag_embed(prior), b)
    return AffineGrid(base, delta.transpose(1, 2).reshape(-1, 12).T.reshape(1, 12, *cells).contiguous())


def _slice(delta: Tensor, guide: Tensor, first: int, height: int) -> Tensor:
    """The transforms (12, h, W) at some rows of a picture of that full height; guide is (h, W) luma."""
    count, width = guide.shape
    rows = row_positions(first, count, height, guide.device)
    columns = row_positions(0, width, width, guide.device)
    depth = (guide.clamp(0, 1) * (BINS - 1) + 0.5) * (2 / BINS) - 1
    where = torch.stack(torch.broadcast_tensors(columns[None, :], rows[:, None], depth), dim=-1)
    sampled = F.grid_sample(delta, where[None, None], padding_mode="border", align_corners=False)
    return sampled[0, :, 0]


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
    matrices = _slice(grid.delta, luma(strip)[0, 0], first, height).view(3, 4, *strip.shape[-2:])
    local = (matrices[:, :3] * strip).sum(1) + matrices[:, 3]
    return apply_color(strip, grid.base) + local
