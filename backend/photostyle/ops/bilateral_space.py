"""Bilateral space: a coarse grid over row, column and luma, where smoothing keeps edges (Chen, Paris, Durand 2007)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


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
    height, width = guide.shape
    rows = _tent(max(1, round(height / cell)), height, planes.device)
    columns = _tent(max(1, round(width / cell)), width, planes.device)
    depth = guide.clamp(0, 1) * (bins - 1)
    shares = ((1 - (depth - z).abs()).clamp_min(0) for z in range(bins))
    return torch.stack([rows @ (planes * share) @ columns.T for share in shares], dim=1)


def blur(grid: Tensor) -> Tensor:
    """Blur (C, bins, rows, columns) with 1-2-1 along each axis, so that neighbouring cells agree."""
    kernel = torch.tensor([0.25, 0.5, 0.25], device=grid.device)
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
        (C, (bins − 1)·depth + 1, rows·place, columns·place).
    """
    _, bins, *sides = grid.shape
    fine = torch.arange((bins - 1) * depth + 1, device=grid.device) / depth
    along = _spline(fine, bins)
    down, across = (_spline(_between(side, place, grid.device), side) for side in sides)
    return torch.einsum("cbyx,zb,ry,qx->czrq", grid, along, down, across).contiguous()


def _between(cells: int, place: int, device: torch.device) -> Tensor:
    """Where the finer vertices of a side lie among its cells."""
    return (torch.arange(cells * place, device=device) + 0.5) / place - 0.5


def _centres(first: int, count: int, length: int, device: torch.device) -> Tensor:
    """Centres of some pixels of a side of that length, in −1…1 as ``grid_sample`` counts."""
    return (torch.arange(first, first + count, device=device, dtype=torch.float32) + 0.5) * (2 / length) - 1


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
    count, width = guide.shape
    bins = grid.shape[1]
    rows = _centres(first, count, height, guide.device)
    columns = _centres(0, width, width, guide.device)
    depth = (guide.clamp(0, 1) * (bins - 1) + 0.5) * (2 / bins) - 1
    where = torch.stack(torch.broadcast_tensors(columns[None, :], rows[:, None], depth), dim=-1)
    # Each row is an element of a batch, because on the CPU only those are shared out between threads.
    one_grid = grid[None].expand(count, -1, -1, -1, -1)
    sliced = F.grid_sample(one_grid, where[:, None, None], padding_mode="border", align_corners=False)
    return sliced[:, :, 0, 0].transpose(0, 1)
