"""Iterative distribution transfer (Pitié, Kokaram and Dahyot 2005): match N-dimensional colour by 1-D histograms."""

from __future__ import annotations

import torch
from torch import Tensor

_BINS = 512


def random_rotations(count: int, seed: int) -> Tensor:
    """Rotations (count, 3, 3) of colour space, the identity first."""
    generator = torch.Generator().manual_seed(seed)
    normal = torch.randn((count, 3, 3), generator=generator, dtype=torch.float64)
    rotations, _ = torch.linalg.qr(normal)
    rotations[0] = torch.eye(3, dtype=torch.float64)
    floats: Tensor = rotations.float()
    return floats


def _histogram(values: Tensor, weight: Tensor, low: float, high: float) -> Tensor:
    """Weight at each of _BINS + 1 points from low to high; a value between two of them counts for both."""
    place = ((values - low) * (_BINS / (high - low))).clamp(0, _BINS)
    left = place.long().clamp_max(_BINS - 1)
    share = place - left
    found = torch.zeros(_BINS + 1, device=values.device)
    return found.scatter_add_(0, left, weight * (1 - share)).scatter_add_(0, left + 1, weight * share)


def _ranks(histogram: Tensor) -> Tensor:
    """Share of what is below each point, with half of what is at it: strictly rising, one value alone is the middle."""
    share = histogram / histogram.sum().clamp_min(1e-12) + 1e-7
    share /= share.sum()
    return share.cumsum(0) - share / 2


def _interpolate(x: Tensor, xs: Tensor, ys: Tensor) -> Tensor:
    """Piecewise linear y(x) through rising xs."""
    right = torch.searchsorted(xs, x.contiguous()).clamp(1, len(xs) - 1)
    x0, x1, y0, y1 = xs[right - 1], xs[right], ys[right - 1], ys[right]
    return y0 + (x - x0) / (x1 - x0).clamp_min(1e-12) * (y1 - y0)


def match_histogram(x: Tensor, x_weight: Tensor, target: Tensor, target_weight: Tensor) -> Tensor:
    """Map values x (N,) by F_target⁻¹ ∘ F_x, both distributions weighted and non-negative.

    Nothing leaves the target's range, neither the very darkest and brightest values nor those without weight.
    """
    low = float(torch.minimum(x.min(), target.min()))
    high = max(float(torch.maximum(x.max(), target.max())), low + 1e-6)
    points = torch.linspace(low, high, _BINS + 1, device=x.device)
    of_x, of_target = (_histogram(v, w, low, high) for v, w in ((x, x_weight), (target, target_weight)))
    lookup = _interpolate(_ranks(of_x), _ranks(of_target), points)
    counted = target[target_weight > 0] if bool((target_weight > 0).any()) else target
    return _interpolate(x, points, lookup.clamp(counted.min(), counted.max()))


def transfer_step(x: Tensor, x_weight: Tensor, target: Tensor, target_weight: Tensor, rotation: Tensor) -> Tensor:
    """One iteration: rotate, match the three marginals, rotate back.

    Args:
        x: Colours (3, N).
        x_weight: (N,).
        target: Colours (3, M).
        target_weight: (M,).
        rotation: (3, 3).
    """
    turned, wanted = rotation @ x, rotation @ target
    matched = [match_histogram(a, x_weight, b, target_weight) for a, b in zip(turned, wanted, strict=True)]
    return rotation.T @ torch.stack(matched)
