"""Gram matrices of feature maps, over the whole picture or one region of it."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

FEWEST = 10
"""A region counts at a tap where it covers more feature pixels than this in both pictures."""


class RegionGram(NamedTuple):
    """The Gram matrix (C, C) of one region at one tap, and the feature pixels that the region covers there."""

    gram: Tensor
    area: float


def gram(columns: Tensor) -> Tensor:
    """G = F Fᵀ / N of features (C, N)."""
    return columns @ columns.T / columns.shape[1]


def covariance(columns: Tensor) -> Tensor:
    """The Gram matrix of features (C, N) less their mean."""
    return gram(columns - columns.mean(dim=1, keepdim=True))


def region_gram(features: Tensor, weight: Tensor) -> RegionGram:
    """G = Σ wᵢ fᵢ fᵢᵀ / Σ wᵢ of features (1, C, h, w) under a weight (1, 1, H, W), 0–1, thinned to their size."""
    small = F.interpolate(weight.to(features.device), size=features.shape[-2:], mode="nearest").flatten()
    inside = small.nonzero()[:, 0]
    columns, small = features[0].flatten(1)[:, inside], small[inside]
    area = float(small.sum())
    return RegionGram((columns * small) @ columns.T / max(area, 1e-12), area)


def relative_distance(got: Tensor, wanted: Tensor) -> float:
    """‖got − wanted‖ / ‖wanted‖ in the Frobenius norm; 0 and up."""
    return float(torch.linalg.norm(got - wanted) / torch.linalg.norm(wanted).clamp_min(1e-12))
