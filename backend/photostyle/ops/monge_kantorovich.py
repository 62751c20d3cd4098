"""The Monge–Kantorovich map between two Gaussians of colour (Pitié and Kokaram 2007)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.color_map import ColorAffine
from photostyle.ops.gain import limit_gain
from photostyle.ops.moments import normalised

_VARIANCE_FLOOR = 1e-5
"""About (0.8/255)²: a flat picture has the noise of its quantisation, not none."""

_TINY = 1e-15
"""Keeps the roots of a covariance's rounding errors real."""


class Gaussian(NamedTuple):
    """Mean (B, 3) and covariance (B, 3, 3) of colour."""

    mean: Tensor
    covariance: Tensor


def color_gaussian(x: Tensor, weight: Tensor) -> Gaussian:
    """Fit a Gaussian to the pixels of x (B, 3, H, W) under a weight (B, 1, H, W)."""
    share = normalised(weight).flatten(2)
    flat = x.flatten(2)
    mean = (flat * share).sum(-1)
    centred = flat - mean[:, :, None]
    return Gaussian(mean, (centred * share) @ centred.transpose(1, 2))


def _root(matrix: Tensor, power: float) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    out: Tensor = vectors * values.clamp_min(_TINY).pow(power)[:, None, :] @ vectors.transpose(1, 2)
    return out


@torch.no_grad()
def monge_kantorovich(content: Gaussian, style: Gaussian) -> ColorAffine:
    """A = Σc^-½ (Σc^½ Σs Σc^½)^½ Σc^-½, b = μs − A μc: of all maps with these moments, the one that moves least.

    The 3×3 algebra runs in float64 on the CPU: the roots lose half of the digits, and some devices have no float64.
    """
    device, dtype = content.mean.device, content.mean.dtype
    mean_c, cov_c, mean_s, cov_s = (t.to("cpu", torch.float64) for t in (*content, *style))
    floor = _VARIANCE_FLOOR * torch.eye(3, dtype=torch.float64)
    root, inverse = _root(cov_c + floor, 0.5), _root(cov_c + floor, -0.5)
    matrix = limit_gain(inverse @ _root(root @ (cov_s + floor) @ root, 0.5) @ inverse)
    offset = mean_s - (matrix @ mean_c[:, :, None])[:, :, 0]
    return ColorAffine(matrix.to(device, dtype), offset.to(device, dtype))
