"""Weighted mean and covariance: what a region of a picture, or of a feature map, is reduced to."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.moments import Moments, normalised


class Gaussian(NamedTuple):
    """Mean (B, C) and covariance (B, C, C) over the channels."""

    mean: Tensor
    covariance: Tensor


def fit_gaussian(x: Tensor, weight: Tensor) -> Gaussian:
    """Fit a Gaussian to the pixels of x (B, C, H, W) under a weight (B, 1, H, W), non-negative, any scale."""
    share = normalised(weight).flatten(2)
    flat = x.flatten(2)
    mean = (flat * share).sum(-1)
    centred = flat - mean[:, :, None]
    return Gaussian(mean, (centred * share) @ centred.transpose(1, 2))


def marginals(gaussian: Gaussian, eps: float = 1e-5) -> Moments:
    """Mean and standard deviation of each channel by itself; eps is added to the variance."""
    variance = gaussian.covariance.diagonal(dim1=1, dim2=2)
    return Moments(gaussian.mean[:, :, None, None], torch.sqrt(variance + eps)[:, :, None, None])
