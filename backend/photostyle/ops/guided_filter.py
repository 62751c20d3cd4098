"""The guided filter with a colour guide (He, Sun and Tang 2013) as local affine colour transforms.

Where the bilateral grid gathers cells of place and luma, here each small window of a stylised proxy has a transform of
its own: finer detail of the method's comes through, and all texture is still the photograph's own.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.affine_fit import fit_affine
from photostyle.ops.color_map import ColorAffine, apply_color, apply_local
from photostyle.ops.gain import calming
from photostyle.ops.moments import tamed
from photostyle.ops.small_algebra import solved

STEP = 2
"""Proxy pixels between two windows: their transforms are so smooth that those in between need not be computed."""
REACH = 4
"""Windows reach this many steps to each side: a radius of 8 proxy pixels, as in the paper."""
_RIDGE = 1e-3
"""The paper's ε for colours in 0–1, a variance: where a window has less, its slopes give way to the region's map."""
_GOOD_FIT = 1e-4
"""Squared error of a window that halves its weight, (0.01)²: between the grain that a method paints and its rims."""
_EMPTY = 1e-6


class GuidedMaps(NamedTuple):
    """A global affine map and what each window adds to it.

    Attributes:
        base: The best affine colour map of the whole region.
        delta: (12, h, w), h and w about the proxy's divided by `STEP`: row-major 3×4 matrices over (r, g, b, 1).
    """

    base: ColorAffine
    delta: Tensor


def _windows(planes: Tensor) -> Tensor:
    """Means of (C, h, w) over squares that are cut off at the borders; rows, then columns."""
    side = 2 * REACH + 1
    rows = F.avg_pool2d(planes[None], (side, 1), stride=1, padding=(REACH, 0), count_include_pad=False)
    return F.avg_pool2d(rows, (1, side), stride=1, padding=(0, REACH), count_include_pad=False)[0]


def _outer(a: Tensor, b: Tensor) -> Tensor:
    """Products a bᵀ for each pixel: (n, H, W), (m, H, W) → (n·m, H, W)."""
    return (a[:, None] * b[None]).flatten(0, 1)


class _Windows(NamedTuple):
    """What is known of each window, h × w of them.

    Attributes:
        pixels: Mean weight (1, h, w).
        mean_x: (3, h, w).
        mean_r: (3, h, w).
        variance: Cov(x), (h, w, 3, 3).
        covariance: Cov(x, r), (h, w, 3, 3).
        unrest: Sum of the variances of r, (h, w).
    """

    pixels: Tensor
    mean_x: Tensor
    mean_r: Tensor
    variance: Tensor
    covariance: Tensor
    unrest: Tensor


def _as_matrices(planes: Tensor) -> Tensor:
    """(9, h, w) → (h, w, 3, 3)."""
    matrices: Tensor = planes.movedim(0, -1).unflatten(-1, (3, 3))
    return matrices


def _gathered(x: Tensor, residual: Tensor, weight: Tensor) -> _Windows:
    wx, wr = weight * x, weight * residual
    squares = (wr * residual).sum(0, keepdim=True)
    planes = torch.cat([weight, wx, wr, _outer(wx, x), _outer(wx, residual), squares])
    height, width = (max(1, round(side / STEP)) for side in weight.shape[-2:])
    gathered = _windows(F.adaptive_avg_pool2d(planes, (height, width)))
    count = gathered[:1]
    mean_x, mean_r, xx, xr, rr = (gathered[1:] / count.clamp_min(_EMPTY)).split([3, 3, 9, 9, 1])
    variance, covariance = (_as_matrices(p - _outer(mean_x, m)) for p, m in ((xx, mean_x), (xr, mean_r)))
    return _Windows(count, mean_x, mean_r, variance, covariance, rr[0] - mean_r.square().sum(0))


def _confidence(windows: _Windows, slopes: Tensor) -> Tensor:
    """How far each window is to be trusted, (1, h, w): its pixels, and less the worse its map fits them.

    Beside an edge at which the method painted a rim, the windows across the edge fit badly and those beside it well;
    the plain mean of the paper spreads the rim to a halo.
    """
    explained = (slopes * (2 * windows.covariance - windows.variance @ slopes)).sum((-2, -1))
    error = (windows.unrest - explained).clamp_min(0) / 3
    return windows.pixels * _GOOD_FIT / (_GOOD_FIT + error)


def fit_guided(content: Tensor, target: Tensor, weight: Tensor) -> GuidedMaps:
    """Express a stylised proxy as local affine colour transforms of the content.

    In each window (the paper's equations 14 and 15, on what is left after the region's own affine map M):
    Δ = (Cov(r, x) + εD) (Cov(x) + εI)⁻¹ and o = μ(r) − Δ μ(x), with r = y − M x and D what calms M where the window is
    flat (`calming`). Each place takes the mean of the windows that cover it (equation 16), by how well they fit.

    Args:
        content: (1, 3, H, W).
        target: (1, 3, H, W), the stylised content.
        weight: (1, 1, H, W), how much each pixel belongs to the region.
    """
    weight = tamed(weight, content)
    base = fit_affine(content, target, weight)
    windows = _gathered(content[0], (target - apply_color(content, base))[0], weight[0])
    ridge = _RIDGE * torch.eye(3, device=content.device)
    drawn = windows.covariance + _RIDGE * calming(base.matrix, windows.variance)
    slopes = solved(windows.variance + ridge, drawn)
    trust = _confidence(windows, slopes)
    matrices = slopes.movedim((-1, -2), (0, 1))
    offsets = windows.mean_r - (matrices * windows.mean_x).sum(1)
    delta = torch.cat([matrices, offsets[:, None]], dim=1).flatten(0, 1)
    return GuidedMaps(base, _windows(delta * trust) / _windows(trust).clamp_min(_EMPTY * _GOOD_FIT))


def _rows(delta: Tensor, first: int, count: int, height: int) -> Tensor:
    """Rows ``first …`` of a picture of that height, read between the rows of delta: (12, count, w)."""
    rows = delta.shape[1]
    position = (torch.arange(first, first + count, device=delta.device) + 0.5) * (rows / height) - 0.5
    position = position.clamp(0, rows - 1)
    above = position.long()
    below = (above + 1).clamp_max(rows - 1)
    return torch.lerp(delta[:, above], delta[:, below], (position - above)[:, None])


def apply_guided(maps: GuidedMaps, strip: Tensor, first: int, height: int) -> Tensor:
    """Transform some rows of the full-size picture.

    Args:
        maps: From `fit_guided`, at any proxy size.
        strip: Rows ``first …`` of the picture, (1, 3, h, W).
        first: Number of the first row.
        height: Rows of the whole picture.

    Returns:
        (1, 3, h, W).
    """
    count, width = strip.shape[-2:]
    rows = _rows(maps.delta, first, count, height)
    delta = F.interpolate(rows[None], size=(count, width), mode="bilinear", align_corners=False)[0]
    return apply_local(strip, maps.base, delta)
