"""A bilateral grid of affine colour transforms (Chen, Adams, Wadhwa and Hasinoff 2016).

A stylised proxy becomes smooth local colour transforms over position and luma. They are applied to the untouched
full-size pixels, so all detail is the photograph's own.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.affine_fit import fit_affine
from photostyle.ops.bilateral_space import refine, sliced_blocks, splat_rows
from photostyle.ops.color_map import ColorAffine, apply_color
from photostyle.ops.gain import calming
from photostyle.ops.luma import luma
from photostyle.ops.moments import tamed
from photostyle.ops.small_algebra import solved

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
    """Affine maps from place to place.

    Attributes:
        base: The best affine colour map of the whole region, to which they are drawn.
        maps: (12, bins, rows, columns), finer than the cells: row-major 3×4 matrices over (r, g, b, 1).
    """

    base: ColorAffine
    maps: Tensor


def _homogeneous(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones_like(x[:, :1])], dim=1)


def _products(x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """The different ones of w X xᵀ, then w x yᵀ, of some rows (1, 4 or 3, n, W): (n, 10 + 12, W)."""
    by_row = x[0].transpose(0, 1)
    wx = by_row * weight[0].transpose(0, 1)
    gram = [wx[:, k : k + 1] * by_row[:, k:] for k in range(4)]
    cross = [wx * y[0, c][:, None] for c in range(3)]
    return torch.cat([*gram, *cross], dim=1)


def _gathered(content: Tensor, change: Tensor, weight: Tensor) -> Tensor:
    """`_products` of all pixels in cells, (22, bins, rows, columns).

    Rows go in pairs, each by the mean of its lumas: half the work, and less than a tenth of a level's difference.
    """
    if content.shape[2] % 2:
        # A last row like the one above it, that counts nothing.
        content, change = (F.pad(t, (0, 0, 0, 1), mode="replicate") for t in (content, change))
        weight = F.pad(weight, (0, 0, 0, 1))
    planes = _homogeneous(content), change, weight
    guide = luma(content)[0, 0].clamp(0, 1).unflatten(0, (-1, 2)).mean(1)

    def products(pairs: slice) -> Tensor:
        of_row = _products(*(t[:, :, 2 * pairs.start : 2 * pairs.stop] for t in planes))
        return of_row[0::2] + of_row[1::2]

    return splat_rows(products, 22, guide, (CELL // 2, CELL), BINS)


def _as_matrices(gathered: Tensor) -> tuple[Tensor, Tensor]:
    """Sums of `_products` (22, …) as Σ w X xᵀ (N, 4, 4) and Σ w x yᵀ (N, 4, 3)."""
    cells = gathered.flatten(1).T
    where = torch.empty((4, 4), dtype=torch.long, device=cells.device)
    rows, columns = torch.triu_indices(4, 4, device=cells.device)
    where[rows, columns] = where[columns, rows] = torch.arange(10, device=cells.device)
    return cells[:, where], cells[:, 10:].unflatten(1, (3, 4)).transpose(1, 2)


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
    gathered = _gathered(content, target - apply_color(content, base), weight)
    a, b = _as_matrices(gathered)
    count = a[:, 3, 3] + _EMPTY_PRIOR
    prior = torch.stack([count * _SLOPE_PRIOR] * 3 + [torch.full_like(count, _EMPTY_PRIOR)], dim=1)
    delta = solved(a + torch.diag_embed(prior), b + prior[:, :, None] * _prior_slopes(base, a))
    cells = delta.transpose(1, 2).reshape(-1, 12).T.reshape(12, *gathered.shape[1:])
    whole = torch.cat([base.matrix, base.offset[:, :, None]], dim=2).flatten()
    return AffineGrid(base, refine(cells + whole[:, None, None, None], *_REFINED))


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
    out = torch.empty(strip.shape, device=strip.device)
    for block, numbers in sliced_blocks(grid.maps, luma(strip)[0, 0], first, height):
        maps, colors = numbers.unflatten(0, (3, 4)), strip[0, :, block]
        mapped = torch.addcmul(maps[:, 3], maps[:, 0], colors[0]).addcmul_(maps[:, 1], colors[1])
        torch.addcmul(mapped, maps[:, 2], colors[2], out=out[0, :, block])
    return out
