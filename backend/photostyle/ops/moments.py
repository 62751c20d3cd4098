"""Weighted mean and standard deviation for each channel, and what counts in them."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Moments(NamedTuple):
    """First two moments of a feature map.

    Attributes:
        mean: (B, C, 1, 1).
        std: (B, C, 1, 1), never below the epsilon that it was made with.
    """

    mean: Tensor
    std: Tensor


def normalised(weight: Tensor) -> Tensor:
    """Scale a non-negative weight (B, 1, H, W) so that it sums to 1; an empty weight stays 0."""
    return weight / weight.sum(dim=(-2, -1), keepdim=True).clamp_min(1e-12)


def tamed(weight: Tensor, picture: Tensor) -> Tensor:
    """Let no pixel count for more than a white one: beyond 1 its weight falls with the square of its value.

    Without, the sun in a photograph of high dynamic range is all that the statistics know.

    Args:
        weight: (B, 1, H, W).
        picture: (B, C, H, W).
    """
    return weight / picture.abs().amax(1, keepdim=True).clamp_min(1.0).square()


def channel_moments(x: Tensor, weight: Tensor, eps: float = 1e-5) -> Moments:
    """Mean and standard deviation of x under a weight, centred before squaring so that nothing cancels.

    Args:
        x: (B, C, H, W).
        weight: (B, 1, H, W), non-negative, any scale.
        eps: Added to the variance.

    Returns:
        Moments of shape (B, C, 1, 1).
    """
    share = normalised(weight)
    mean = (x * share).sum(dim=(-2, -1), keepdim=True)
    variance = ((x - mean).square() * share).sum(dim=(-2, -1), keepdim=True)
    return Moments(mean, torch.sqrt(variance + eps))
