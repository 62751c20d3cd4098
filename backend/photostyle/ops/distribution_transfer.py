"""Iterative distribution transfer (Pitié, Kokaram and Dahyot 2005): match N-dimensional colour by 1-D histograms."""

from __future__ import annotations

from typing import NamedTuple

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


class _Place(NamedTuple):
    """Where values lie among _BINS + 1 points: behind which one, and how far on the way to the next."""

    left: Tensor
    share: Tensor

    @classmethod
    def of(cls, values: Tensor, low: float, high: float) -> _Place:
        """Among points from low to high at equal distances."""
        place = ((values - low) * (_BINS / (high - low))).clamp(0, _BINS)
        left = place.long().clamp_max(_BINS - 1)
        return cls(left, place - left)

    def histogram(self, weight: Tensor) -> Tensor:
        """Weight at each point; a value between two of them counts for both."""
        found = torch.zeros(_BINS + 1, device=weight.device)
        found.scatter_add_(0, self.left, weight * (1 - self.share))
        return found.scatter_add_(0, self.left + 1, weight * self.share)

    def read(self, table: Tensor) -> Tensor:
        """What a table has for the points, linear between two of them."""
        return table.index_select(0, self.left).lerp(table.index_select(0, self.left + 1), self.share)


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
    place = _Place.of(x, low, high)
    of_x, of_target = place.histogram(x_weight), _Place.of(target, low, high).histogram(target_weight)
    lookup = _interpolate(_ranks(of_x), _ranks(of_target), points)
    counted = target[target_weight > 0] if bool((target_weight > 0).any()) else target
    return place.read(lookup.clamp(counted.min(), counted.max()))


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
