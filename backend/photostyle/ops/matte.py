"""Mattes: region masks whose borders follow the photograph, whatever a person drew."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.bilateral_space import blur, slice_rows, splat
from photostyle.ops.luma import luma

CELL = 32
BINS = 12
"""Chosen by eye: in smaller cells a tree keeps a hard rim of sky, in larger ones the colours of small regions leak."""
_REACH = 4
"""Proxy pixels over which the mask as it was drawn is softened."""
_EMPTY = 1e-3
_ANY = 1e-2
"""How much a pixel of any luma counts beside those of a cell: decides for a star that the proxy does not show."""


class Mattes(NamedTuple):
    """What `mattes_of` multiplies into the belief that a pixel belongs to each of K regions, by the rule of Bayes.

    Attributes:
        by_luma: P(region | place, luma) / P(region | place), (K, bins, rows, columns).
        by_warmth: The same for red against blue.
        prior: How much of each region lies here, as it was drawn, and around here, (K, 1, H, W).
    """

    by_luma: Tensor
    by_warmth: Tensor
    prior: Tensor


def _luma(picture: Tensor) -> Tensor:
    return luma(picture)[0, 0]


def _warmth(picture: Tensor) -> Tensor:
    """0 (blue) to 1 (red), (H, W)."""
    return (picture[0, 0] - picture[0, 2] + 1) / 2


def _shares(gathered: Tensor) -> Tensor:
    return gathered[:-1] / gathered[-1:].clamp_min(_EMPTY)


def _evidence(masks: Tensor, guide: Tensor) -> Tensor:
    planes = torch.cat([masks[0], torch.ones_like(masks[0, :1])])
    gathered = blur(splat(planes, guide, CELL, BINS))
    any_guide = gathered.mean(1, keepdim=True)
    return _shares(gathered + _ANY * any_guide) / _shares(any_guide).clamp_min(_EMPTY)


def _softened(masks: Tensor, radius: int) -> Tensor:
    """Mean over a square that is cut off at the borders; rows, then columns: 2 · side sums a pixel, not side²."""
    side = 2 * radius + 1
    rows = F.avg_pool2d(masks, (side, 1), stride=1, padding=(radius, 0), count_include_pad=False)
    return F.avg_pool2d(rows, (1, side), stride=1, padding=(0, radius), count_include_pad=False)


def fit_mattes(masks: Tensor, picture: Tensor) -> Mattes:
    """Learn from a proxy what the regions look like, place by place.

    A rim of sky inside the mask of a tower looks like the sky around it, so it goes to the sky. Where a pixel could be
    of either, the mask as it was drawn decides.

    Args:
        masks: (1, K, H, W), they sum to 1 at every pixel.
        picture: (1, 3, H, W).
    """
    prior = _softened(masks, _REACH) + _softened(masks, CELL)
    return Mattes(_evidence(masks, _luma(picture)), _evidence(masks, _warmth(picture)), prior[0][:, None])


def mattes_of(mattes: Mattes, strip: Tensor, first: int, height: int) -> Tensor:
    """The mattes (1, K, h, W) of rows ``first …`` of a picture of that height; they sum to 1 at every pixel."""
    of_luma, of_warmth = _luma(strip), _warmth(strip)
    belief = slice_rows(mattes.by_luma, of_luma, first, height)
    belief *= slice_rows(mattes.by_warmth, of_warmth, first, height)
    belief += _EMPTY
    belief *= slice_rows(mattes.prior, of_luma, first, height)
    return (belief / belief.sum(0))[None]
