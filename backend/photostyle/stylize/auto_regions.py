"""Regions that nobody drew: areas of content and style that are alike, sky with sky and ground with ground.

Each picture is told apart into a few soft areas; then each area of the content takes its look from the areas of the
style that lie as high in the scene and are as rough. Colours only help to tell areas apart: a blue sky and a red one
are both skies, and it is the colours that are to change.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.luma import luma
from photostyle.ops.random_walk import harmonic_height, walk_mean
from photostyle.ops.soft_clusters import soft_clusters
from photostyle.ops.transport import unbalanced_transport
from photostyle.stylize.proxy import proxy_size

COUNT = 5
"""Areas of a picture."""
_PIXELS = 112 * 84
"""Of the pictures that are looked at: areas are large."""
_REACH_OF_ROUGHNESS, _REACH_OF_AREAS = 30.0, 10.0
"""See `walk_mean`."""
_RIM = 2
_STEEP = 0.15
"""Where the height in the scene changes by this much within `_RIM` pixels there is an outline."""
_LEAST_INNER = 1e-3
_QUIET = 1e-5
"""Variance of luma of a perfectly smooth area, as a camera sees it."""
_TINY = 1e-6
_BLUR, _RIGIDITY = 0.2, 0.5
"""Of the transport between areas."""
_TO_TELL_APART = (2.0, 0.3, 0.6, 0.45)
"""How much height in the scene, height in the picture, roughness and colour count within a picture."""
_TO_MATCH = (4.0, 0.6, 0.8)
"""How much height in the scene, height in the picture and roughness count between pictures."""


class _Seen(NamedTuple):
    """The areas of one picture: where they are (1, K, h, w), their shares (K,) and what they are like (K, 3)."""

    areas: Tensor
    shares: Tensor
    like: Tensor


def auto_regions(content: Tensor, weight: Tensor, style: Tensor, style_weight: Tensor) -> list[tuple[Tensor, Tensor]]:
    """Find the areas that content and style have in common.

    Args:
        content: The content's proxy (1, 3, H, W), encoded RGB, nominally 0–1.
        weight: How much each pixel of it counts (1, 1, H, W), not 0 everywhere.
        style: The style's proxy (1, 3, h, w).
        style_weight: (1, 1, h, w), not 0 everywhere.

    Returns:
        `COUNT` pairs of soft masks: (1, 1, H, W) on the content, which sum to 1 at every pixel, and (1, 1, h, w) on
        the style, each up to 1 where it counts most.
    """
    mine, theirs = _seen(content, weight), _seen(style, style_weight)
    cost = (mine.like[:, None] - theirs.like).square().sum(2)
    plan = unbalanced_transport(cost, mine.shares, theirs.shares, _BLUR, _RIGIDITY)
    taken = plan / theirs.shares
    taken = taken / taken.amax(1, keepdim=True)
    on_content = _enlarged(mine.areas, content)
    on_style = _enlarged(torch.einsum("km,bmhw->bkhw", taken, theirs.areas), style)
    return list(zip(on_content.split(1, dim=1), on_style.split(1, dim=1), strict=True))


def _seen(picture: Tensor, weight: Tensor) -> _Seen:
    size = proxy_size(picture.shape[2], picture.shape[3], _PIXELS)
    small = _reduced(picture.clamp(0, 1), size)
    counts = _reduced(weight, size).clamp_min(0)
    features = _features(small)
    inner = _inner(features[0])
    told_apart = torch.cat([f * w for f, w in zip(features, _TO_TELL_APART, strict=True)], dim=1)
    kinds = soft_clusters(told_apart, counts * inner, COUNT)
    areas = walk_mean(kinds * inner, _mean(small, 1), _REACH_OF_AREAS).clamp_min(_TINY)
    areas = areas / areas.sum(1, keepdim=True)
    matched = torch.cat([f * w for f, w in zip(features, _TO_MATCH, strict=False)], dim=1)
    shares = (areas * counts).sum((0, 2, 3)).clamp_min(_TINY)
    return _Seen(areas, shares / shares.sum(), _means(matched, areas * counts * inner))


def _inner(height: Tensor) -> Tensor:
    """1 within areas, about 0 along outlines: what is half sky and half tower is no kind of its own."""
    padded = F.pad(height, (_RIM,) * 4, mode="replicate")
    change = F.max_pool2d(padded, 2 * _RIM + 1, stride=1) + F.max_pool2d(-padded, 2 * _RIM + 1, stride=1)
    return torch.exp(-(change / _STEEP).square()) + _LEAST_INNER


def _means(features: Tensor, masses: Tensor) -> Tensor:
    """The mean of features (1, C, h, w) under each of K masses (1, K, h, w): (K, C)."""
    return torch.einsum("bkhw,bchw->kc", masses, features) / masses.sum((0, 2, 3)).clamp_min(_TINY)[:, None]


def _features(picture: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Height in the scene, height in the picture, roughness (1, 1, h, w) and colour (1, 3, h, w), centred."""
    calm = _mean(picture, 1)
    rows = torch.arange(picture.shape[2], device=picture.device, dtype=picture.dtype)
    height = rows[None, None, :, None].expand_as(picture[:, :1])
    colour = calm - calm.mean((2, 3), keepdim=True)
    spread = colour.square().sum(1).mean().sqrt().clamp_min(1e-3)
    in_scene = harmonic_height(_mean(_mean(calm, 1), 1)) - 0.5
    return in_scene, _standardised(height), _roughness(picture, calm), colour / spread


def _roughness(picture: Tensor, calm: Tensor) -> Tensor:
    """Logarithm of the fine contrast of what a pixel belongs to: low in a sky by day and by night."""
    grey = luma(picture)
    contrast = torch.log((grey - _mean(grey, 1)).square() + _QUIET)
    return _standardised(walk_mean(contrast, calm, _REACH_OF_ROUGHNESS))


def _standardised(x: Tensor) -> Tensor:
    centred = x - x.mean()
    return centred / centred.square().mean().sqrt().clamp_min(1e-3)


def _mean(x: Tensor, radius: int) -> Tensor:
    """Mean over a square around each pixel; beyond the border lies what is on it."""
    padded = F.pad(x, (radius,) * 4, mode="replicate")
    return F.avg_pool2d(padded, 2 * radius + 1, stride=1)


def _reduced(x: Tensor, size: tuple[int, int]) -> Tensor:
    return F.interpolate(x, size=size, mode="bilinear", antialias=True, align_corners=False)


def _enlarged(masks: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(masks, size=like.shape[-2:], mode="bilinear", align_corners=False)
