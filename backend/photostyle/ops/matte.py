"""Mattes: region masks whose borders follow the photograph, whatever a person drew."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.bilateral_space import blur, slice_rows, splat
from photostyle.ops.luma import luma

CELL = 16
BINS = 12
"""Chosen by eye: halos at towers and trees go, colours of small regions stay (32 × 8 loses those, a guided filter keeps
the halos)."""
_EMPTY = 1e-3
_ANY_LUMA = 1e-2
"""How much a pixel of any luma counts beside those of a cell: decides for a star that the proxy does not show."""


def matte_grid(masks: Tensor, picture: Tensor) -> Tensor:
    """The mean of each mask among pixels that are near in place and in luma.

    A rim of sky inside the mask of a tower looks like the sky around it, so it goes to the sky.

    Args:
        masks: (1, K, H, W).
        picture: (1, 3, H, W).

    Returns:
        (K, bins, rows, columns), to be read with `mattes`.
    """
    planes = torch.cat([masks[0], torch.ones_like(masks[0, :1])])
    gathered = blur(splat(planes, luma(picture)[0, 0], CELL, BINS))
    gathered = gathered + _ANY_LUMA * gathered.mean(1, keepdim=True)
    return gathered[:-1] / gathered[-1:].clamp_min(_EMPTY)


def mattes(grid: Tensor, strip: Tensor, first: int, height: int) -> Tensor:
    """The mattes (1, K, h, W) of rows ``first …`` of a picture of that height; they sum to 1 at every pixel."""
    masks = slice_rows(grid, luma(strip)[0, 0], first, height)[None].clamp(0, 1)
    total = masks.sum(1, keepdim=True)
    return torch.where(total > _EMPTY, masks / total.clamp_min(_EMPTY), torch.full_like(masks, 1 / masks.shape[1]))
