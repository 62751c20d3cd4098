"""Soft clusters of a feature map: a mixture of Gaussians, fitted by expectation–maximisation."""

from __future__ import annotations

import torch
from torch import Tensor

_ITERATIONS = 25
_LEAST_VARIANCE = 0.03
"""Of a feature in a cluster, in units of the features: no cluster is a single value."""
_LEAST_MASS = 0.01
"""Added to each cluster's share: a cluster that has lost its pixels may get some back."""
_FAR = 0.97
"""A cluster starts at a place that is farther from all others than this share of places: not at the oddest one."""
_TINY = 1e-6


def _starts(points: Tensor, count: int) -> Tensor:
    """Points (K, C) far from each other, the first in the middle; always the same for the same points."""
    distance = (points - points.mean(0)).square().sum(1)
    at = distance.argmin()
    chosen = [points[at]]
    distance = (points - chosen[0]).square().sum(1)
    while len(chosen) < count:
        order = distance.argsort()
        chosen.append(points[order[int(_FAR * (len(order) - 1))]])
        distance = torch.minimum(distance, (points - chosen[-1]).square().sum(1))
    return torch.stack(chosen)


def _belief(points: Tensor, mean: Tensor, variance: Tensor, share: Tensor) -> Tensor:
    """P(cluster | point), (N, K)."""
    squared = (points[:, None] - mean).square() / variance
    return torch.softmax(share.log() - 0.5 * (squared.sum(2) + variance.log().sum(1)), dim=1)


def soft_clusters(features: Tensor, weight: Tensor, count: int) -> Tensor:
    """Tell apart the kinds of places in a picture.

    The clusters have a variance of their own for each feature, half-way to the mean over all clusters.

    Args:
        features: (1, C, H, W), scaled so that equal differences matter equally.
        weight: How much each pixel counts (1, 1, H, W), non-negative and not all 0.
        count: K.

    Returns:
        How much each pixel belongs to each cluster, (1, K, H, W); sums to 1 at every pixel, whatever its weight.
    """
    everywhere = features[0].flatten(1).T
    counts = weight.flatten() > 0
    points, weights = everywhere[counts], weight.flatten()[counts][:, None]
    weights = weights / weights.sum()
    mean = _starts(points, count)
    variance = (points.var(0, correction=0).mean() / 2).clamp_min(_LEAST_VARIANCE).expand_as(mean)
    share = torch.full((count,), 1 / count, device=features.device)
    for _ in range(_ITERATIONS):
        belief = _belief(points, mean, variance, share) * weights
        mass = belief.sum(0).clamp_min(_TINY)
        mean = belief.T @ points / mass[:, None]
        variance = (belief.T @ points.square() / mass[:, None] - mean.square()).clamp_min(_LEAST_VARIANCE)
        variance = (variance + variance.mean(0)) / 2
        share = (mass + _LEAST_MASS) / (mass + _LEAST_MASS).sum()
    return _belief(everywhere, mean, variance, share).T.view(1, count, *features.shape[-2:])
