"""Weighted mean and covariance: what a region of a picture, or of a feature map, is reduced to."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.moments import Moments, normalised
from photostyle.ops.row_blocks import row_blocks
from photostyle.ops.small_algebra import exact

_TINY = 1e-12
_MOST_PIECES = 1000
"""Pieces that wait to be merged: of a panorama there are tens of thousands."""


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


class GaussianSum:
    """The Gaussian of pixels that come piece by piece, the same whatever the pieces are.

    Each piece is centred on its own mean, in float32; pieces are merged in float64.
    """

    def __init__(self) -> None:
        self._pieces: list[Tensor] = []
        self._merged: Tensor | None = None

    @classmethod
    def of(cls, x: Tensor, weight: Tensor) -> Gaussian:
        """The Gaussian of pixels that are all there, see `add`."""
        found = cls()
        found.add(x, weight)
        return found.total()

    def add(self, x: Tensor, weight: Tensor) -> None:
        """Take in some pixels (1, C, h, W), of any precision, under a weight (1, 1, h, W), non-negative, any scale."""
        _, channels, height, width = x.shape
        for rows in row_blocks(height, 4 * channels * width, x.device):
            pixels = x[0, :, rows].permute(1, 2, 0).float().reshape(-1, channels)
            counts = weight[0, 0, rows].reshape(-1, 1)
            amount = counts.sum()
            mean = (counts.T @ pixels)[0] / amount.clamp_min(_TINY)
            centred = pixels - mean
            scatter = (centred * counts).T @ centred
            self._pieces.append(torch.cat([amount[None], mean, scatter.flatten()]))
        if len(self._pieces) > _MOST_PIECES:
            self._merge()

    def total(self) -> Gaussian:
        """The Gaussian of all pieces, on their device; nothing but zeros where no pixel counts."""
        like = self._pieces[-1]
        amount, mean, scatter = _parts(self._merge())
        return Gaussian(mean[None].to(like), (scatter / amount.clamp_min(_TINY))[None].to(like))

    def _merge(self) -> Tensor:
        """All pieces as one (Chan, Golub and LeVeque 1983), in float64; the last piece stays to be asked."""
        pieces = exact(torch.stack(self._pieces))
        if self._merged is not None:
            pieces = torch.cat([self._merged[None], pieces])
        amounts, means, scatters = _parts(pieces)
        share = amounts / amounts.sum().clamp_min(_TINY)
        mean = (share[:, None] * means).sum(0)
        apart = means - mean
        scatter = scatters.sum(0) + (amounts[:, None] * apart).T @ apart
        self._merged = torch.cat([amounts.sum()[None], mean, scatter.flatten()])
        self._pieces = [torch.zeros_like(self._pieces[-1])]
        return self._merged


def _parts(pieces: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Amount (…), mean (…, C) and scatter (…, C, C) of what is kept as 1 + C + C² numbers."""
    channels = round((pieces.shape[-1] - 0.75) ** 0.5 - 0.5)
    amount, mean, scatter = pieces.split([1, channels, channels**2], dim=-1)
    return amount[..., 0], mean, scatter.unflatten(-1, (channels, channels))


def marginals(gaussian: Gaussian, eps: float = 1e-5) -> Moments:
    """Mean and standard deviation of each channel by itself; eps is added to the variance."""
    variance = gaussian.covariance.diagonal(dim1=1, dim2=2)
    return Moments(gaussian.mean[:, :, None, None], torch.sqrt(variance + eps)[:, :, None, None])
