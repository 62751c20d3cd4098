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

STEP = 2
"""Proxy pixels between two windows: their transforms are so smooth that those in between need not be computed."""
REACH = 4
"""Windows reach this many steps to each side: a radius of 8 proxy pixels, as in the paper."""
_RIDGE = 1e-3
"""The paper's ε for colours in 0–1, a variance: where a window has less, its slopes give way to the region's map."""
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


def _gathered(x: Tensor, residual: Tensor, weight: Tensor) -> Tensor:
    """Weighted window sums of 1, x, r, x xᵀ and x rᵀ: (22, h, w)."""
    wx = weight * x
    planes = torch.cat([weight, wx, weight * residual, _outer(wx, x), _outer(wx, residual)])
    height, width = (max(1, round(side / STEP)) for side in weight.shape[-2:])
    return _windows(F.adaptive_avg_pool2d(planes, (height, width)))


def fit_guided(content: Tensor, target: Tensor, weight: Tensor) -> GuidedMaps:
    """Express a stylised proxy as local affine colour transforms of the content.

    In each window (the paper's equations 14 and 15, on what is left after the region's own affine map M):
    Δ = (Cov(r, x) + εD) (Cov(x) + εI)⁻¹ and o = μ(r) − Δ μ(x), with r = y − M x and D what calms M where the window is
    flat (`calming`). Each place takes the mean of the windows that cover it (equation 16).

    Args:
        content: (1, 3, H, W).
        target: (1, 3, H, W), the stylised content.
        weight: (1, 1, H, W), how much each pixel belongs to the region.
    """
    weight = tamed(weight, content)
    base = fit_affine(content, target, weight)
    gathered = _gathered(content[0], (target - apply_color(content, base))[0], weight[0])
    count = gathered[:1]
    mean_x, mean_r, xx, xr = (gathered[1:] / count.clamp_min(_EMPTY)).split([3, 3, 9, 9])
    variance = (xx - _outer(mean_x, mean_x)).movedim(0, -1).unflatten(-1, (3, 3))
    covariance = (xr - _outer(mean_x, mean_r)).movedim(0, -1).unflatten(-1, (3, 3))
    ridge = _RIDGE * torch.eye(3, device=content.device)
    drawn = covariance + _RIDGE * calming(base.matrix, variance)
    slopes = torch.linalg.solve(variance + ridge, drawn).movedim((-1, -2), (0, 1))
    offsets = mean_r - (slopes * mean_x).sum(1)
    delta = torch.cat([slopes, offsets[:, None]], dim=1).flatten(0, 1)
    return GuidedMaps(base, _windows(delta * count) / _windows(count).clamp_min(_EMPTY))


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
