"""Bilateral space: a coarse grid over row, column and luma, where smoothing keeps edges (Chen, Paris, Durand 2007)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.row_blocks import row_blocks
from photostyle.ops.small_algebra import like


def _tent(cells: int, length: int, device: torch.device) -> Tensor:
    """(cells, length): how much each pixel counts for each cell, linear between cell centres."""
    position = (torch.arange(length, device=device) + 0.5) * (cells / length) - 0.5
    position = position.clamp(0, cells - 1)
    return (1 - (position - torch.arange(cells, device=device)[:, None]).abs()).clamp_min(0)


def splat(planes: Tensor, guide: Tensor, cell: int, bins: int) -> Tensor:
    """Gather pixels into cells, linearly shared between neighbours.

    Args:
        planes: What to gather, (C, H, W).
        guide: Luma (H, W), clamped to 0–1.
        cell: Side of a cell in pixels.
        bins: Cells along luma.

    Returns:
        Sums, (C, bins, rows, columns).
    """
    return splat_rows(lambda block: planes[:, block].transpose(0, 1), len(planes), guide, (cell, cell), bins)


def splat_rows(make: Callable[[slice], Tensor], count: int, guide: Tensor, cell: tuple[int, int], bins: int) -> Tensor:
    """`splat` of planes that are made block by block, and never all there.

    Args:
        make: Makes some rows of the planes, (n, count, W).
        count: How many planes there are.
        guide: Luma (H, W), clamped to 0–1.
        cell: Height and width of a cell in pixels.
        bins: Cells along luma.
    """
    height, width = guide.shape
    rows = _tent(max(1, round(height / cell[0])), height, guide.device)
    columns = _tent(max(1, round(width / cell[1])), width, guide.device)
    heights = torch.arange(bins, device=guide.device)[:, None]
    sums = torch.zeros((len(rows), bins * count * width), device=guide.device)
    for block in row_blocks(height, bins * count * width, guide.device):
        depth = guide[block, None].clamp(0, 1) * (bins - 1)
        shares = (1 - (depth - heights).abs()).clamp_min(0)
        spread = (shares[:, :, None] * make(block)[:, None]).flatten(1)
        near = _cells_near(block, height, len(rows))
        sums[near].addmm_(rows[near, block], spread)
    return (sums.view(len(rows), bins, count, width) @ columns.T).permute(2, 1, 0, 3)


def _cells_near(block: slice, length: int, cells: int) -> slice:
    """The cells that some pixels of a side of that length count for."""
    first, last = ((pixel + 0.5) * (cells / length) - 0.5 for pixel in (block.start, block.stop - 1))
    return slice(max(0, math.floor(first)), min(cells, math.floor(last) + 2))


def blur(grid: Tensor) -> Tensor:
    """Blur (C, bins, rows, columns) with 1-2-1 along each axis, so that neighbouring cells agree."""
    kernel = like(torch.tensor([0.25, 0.5, 0.25]), grid)
    x = grid[:, None]
    for axis in range(3):
        shape, pad = [1, 1, 1, 1, 1], [0] * 6
        shape[2 + axis] = 3
        pad[4 - 2 * axis : 6 - 2 * axis] = [1, 1]
        x = F.conv3d(F.pad(x, pad, mode="replicate"), kernel.view(shape))
    return x[:, 0]


def _spline(vertices: Tensor, cells: int) -> Tensor:
    """(len(vertices), cells): the quadratic B-spline of each cell, read at positions where cell k lies at k.

    What lies beyond the ends counts for the cells at the ends.
    """
    distance = (vertices[:, None] - torch.arange(-1, cells + 1, device=vertices.device)).abs()
    inner, outer = 0.75 - distance.square(), 0.5 * (1.5 - distance).clamp_min(0).square()
    share = torch.where(distance < 0.5, inner, outer)
    folded = share[:, 1:-1].clone()
    folded[:, 0] += share[:, 0]
    folded[:, -1] += share[:, -1]
    return folded


def refine(grid: Tensor, place: int, depth: int) -> Tensor:
    """A smooth grid with more vertices, to be read with `slice_rows` like the coarse one.

    Between the cells of a coarse grid, linear reading leaves creases that the eye sees in a flat sky. Here the values
    are control points of quadratic B-splines, whose slope has no jumps.

    Args:
        grid: (C, bins, rows, columns).
        place: Vertices for each cell along rows and columns.
        depth: Vertices for each cell along luma.

    Returns:
        (C, (bins − 1)·depth + 1, rows·place, columns·place), in memory row by row, as `slice_rows` reads it.
    """
    _, bins, *sides = grid.shape
    fine = torch.arange((bins - 1) * depth + 1, device=grid.device) / depth
    along = _spline(fine, bins)
    down, across = (_spline(_between(side, place, grid.device), side) for side in sides)
    return torch.einsum("cbyx,zb,ry,qx->rczq", grid, along, down, across).contiguous().permute(1, 2, 0, 3)


def _between(cells: int, place: int, device: torch.device) -> Tensor:
    """Where the finer vertices of a side lie among its cells."""
    return (torch.arange(cells * place, device=device) + 0.5) / place - 0.5


def _rows_between(by_row: Tensor, first: int, count: int, height: int) -> Tensor:
    """Rows ``first …`` of a picture of that height, read between those of a grid (rows, C, bins, columns)."""
    rows = len(by_row)
    position = (torch.arange(first, first + count, device=by_row.device) + 0.5) * (rows / height) - 0.5
    position = position.clamp(0, rows - 1)
    above = position.long()
    below = (above + 1).clamp_max(rows - 1)
    share = (position - above)[:, None, None, None]
    return by_row.index_select(0, above).lerp_(by_row.index_select(0, below), share)


def slice_rows(grid: Tensor, guide: Tensor, first: int, height: int) -> Tensor:
    """Read a grid back at some rows of a picture of any size.

    Args:
        grid: (C, bins, rows, columns).
        guide: Luma (h, W) of rows ``first …``, clamped to 0–1.
        first: Number of the first row.
        height: Rows of the whole picture.

    Returns:
        (C, h, W), linear between cells.
    """
    out = torch.empty((grid.shape[0], *guide.shape), device=guide.device)
    for block, values in sliced_blocks(grid, guide, first, height):
        out[:, block] = values
    return out


def sliced_blocks(grid: Tensor, guide: Tensor, first: int, height: int) -> Iterator[tuple[slice, Tensor]]:
    """`slice_rows` block by block: some of the guide's rows, and the values (C, n, W) there."""
    by_row = grid.permute(2, 0, 1, 3).contiguous()
    channels, bins, _, columns = grid.shape
    count, width = guide.shape
    for block in row_blocks(count, 2 * channels * (width + bins * columns), guide.device):
        slabs = _rows_between(by_row, first + block.start, block.stop - block.start, height)
        yield block, _read_slabs(slabs, guide[block])


def _read_slabs(slabs: Tensor, guide: Tensor) -> Tensor:
    """Read each row of a guide (n, W) in a slab of its own, (n, C, bins, columns): (C, n, W).

    The 2-D reader of torch is vectorised; its 3-D one would read the grid as it is at a fourth of the speed.
    """
    count, width = guide.shape
    bins = slabs.shape[2]
    where = torch.empty((count, 1, width, 2), device=guide.device)
    where[..., 0] = (torch.arange(width, device=guide.device) + 0.5) * (2 / width) - 1
    where[:, 0, :, 1] = (guide.clamp(0, 1) * (bins - 1) + 0.5) * (2 / bins) - 1
    return F.grid_sample(slabs, where, padding_mode="border", align_corners=False)[:, :, 0].transpose(0, 1)
