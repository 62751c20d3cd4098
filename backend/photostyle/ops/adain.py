"""Adaptive instance normalisation with soft regions (Huang and Belongie 2017; REST, equation 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from photostyle.ops.gain import MAX_GAIN
from photostyle.ops.moments import Moments


class FeatureMap(Protocol):
    """Features (B, C, H, W) ↦ features, an affine map at every pixel."""

    def __call__(self, x: Tensor) -> Tensor:
        """Map x."""

    def affine(self) -> tuple[Tensor, Tensor]:
        """Matrices (B, C, C) and shifts (B, C) of the map."""


class ChannelAffine(NamedTuple):
    """F ↦ scale · F + shift, for each channel; both are (B, C, 1, 1)."""

    scale: Tensor
    shift: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """Map x (B, C, H, W)."""
        return self.scale * x + self.shift

    def affine(self) -> tuple[Tensor, Tensor]:
        """See `FeatureMap.affine`."""
        return torch.diag_embed(self.scale[:, :, 0, 0]), self.shift[:, :, 0, 0]


def adain(content: Moments, style: Moments) -> ChannelAffine:
    """σ(s) · (F − μ(c)) / σ(c) + μ(s) as one affine map, its gain limited to `MAX_GAIN`."""
    scale = (style.std / content.std).clamp(max=MAX_GAIN)
    return ChannelAffine(scale, style.mean - scale * content.mean)


def blend(x: Tensor, maps: Sequence[FeatureMap], weights: Sequence[Tensor]) -> Tensor:
    """Σ mₖ · Tₖ(F) for region weights mₖ (B, 1, H, W) that sum to 1 at every pixel."""
    return sum((m * map_(x) for map_, m in zip(maps, weights, strict=True)), start=x.new_zeros(()))
