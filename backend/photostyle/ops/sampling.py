"""Where the rows and columns of a part of a large picture lie on a smaller one."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def row_positions(first: int, count: int, height: int, device: torch.device) -> Tensor:
    """Centres of some rows of a picture of that height, in −1…1 (``align_corners=False``)."""
    return (torch.arange(first, first + count, device=device, dtype=torch.float32) + 0.5) * (2 / height) - 1


def enlarge_strip(x: Tensor, first: int, count: int, size: tuple[int, int]) -> Tensor:
    """Rows ``first … first + count`` of x (B, C, h, w) enlarged to `size`, without making the rest.

    Returns:
        (B, C, count, size[1]), bilinear.
    """
    height, width = size
    rows = row_positions(first, count, height, x.device)
    columns = row_positions(0, width, width, x.device)
    grid = torch.stack(torch.broadcast_tensors(columns[None, :], rows[:, None]), dim=-1)
    where = grid.expand(x.shape[0], -1, -1, -1)
    return F.grid_sample(x, where, mode="bilinear", padding_mode="border", align_corners=False)
