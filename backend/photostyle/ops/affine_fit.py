"""The best affine colour map from one picture to another."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.color_map import ColorAffine
from photostyle.ops.gain import limit_gain
from photostyle.ops.moments import normalised
from photostyle.ops.small_algebra import like, on_cpu

_RIDGE = 1e-5


@torch.no_grad()
def fit_affine(x: Tensor, y: Tensor, weight: Tensor) -> ColorAffine:
    """The affine colour map with the least weighted squared error from x to y, both (1, 3, H, W).

    M = (Cov(y, x) + εI) (Cov(x) + εI)⁻¹ with its gain limited, b = μ(y) − M μ(x). It ends in float64 on the CPU, see
    `small_algebra`. To a gradient the map is a constant: its limit has none where gains are equal.
    """
    share = normalised(weight).flatten(2)
    means = [(t.flatten(2) * share).sum(-1, keepdim=True) for t in (x, y)]
    from_x, from_y = (t.flatten(2) - mean for t, mean in zip((x, y), means, strict=True))
    products = ((side * share) @ from_x.transpose(1, 2) for side in (from_x, from_y))
    mean_x, mean_y, covariance, cross = on_cpu((*means, *products))
    ridge = _RIDGE * torch.eye(3, dtype=torch.float64)
    matrix = limit_gain(torch.linalg.solve(covariance + ridge, cross + ridge, left=False))
    offset = (mean_y - matrix @ mean_x)[:, :, 0]
    return ColorAffine(like(matrix, x), like(offset, x))
