"""The statistics that REST moves from style to content, region by region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.methods.networks.rpnet import STYLISED_LEVELS, LevelFeatures, RegionMaps
from photostyle.ops.adain import adain
from photostyle.ops.color_map import ColorAffine
from photostyle.ops.gaussian import Gaussian, fit_gaussian, marginals
from photostyle.ops.monge_kantorovich import monge_kantorovich
from photostyle.ops.wct import FeatureAffine, wct


class RegionStatistics(NamedTuple):
    """What a picture, or a region of it, is reduced to.

    Attributes:
        levels: Gaussians of encoder levels 3, 4 and 5.
        color: Gaussian of the colours.
    """

    levels: tuple[Gaussian, Gaussian, Gaussian]
    color: Gaussian


Statistics = Sequence[RegionStatistics]
"""One for each region."""


def region_statistics(picture: Tensor, features: LevelFeatures, weight: Tensor) -> RegionStatistics:
    """Statistics of one region of a picture (B, 3, H, W) under a weight (B, 1, H, W)."""
    level3, level4, level5 = (fit_gaussian(f, weight) for f in features)
    return RegionStatistics((level3, level4, level5), fit_gaussian(picture, weight))


def adain_maps(content: Statistics, style: Statistics) -> RegionMaps:
    """AdaIN from each region of the content to its style, for each level."""
    pairs = list(zip(content, style, strict=True))
    levels = range(STYLISED_LEVELS)
    return [[adain(marginals(c.levels[i]), marginals(s.levels[i])) for c, s in pairs] for i in levels]


def wct_maps(content: Statistics, style: Statistics) -> RegionMaps:
    """Whitening and colouring from each region of the content to its style, for each level."""
    regions = len(content)
    matrices, shifts = (t.unflatten(0, (STYLISED_LEVELS, regions, -1)) for t in wct(_batched(content), _batched(style)))
    return [[FeatureAffine(matrices[i, k], shifts[i, k]) for k in range(regions)] for i in range(STYLISED_LEVELS)]


def _batched(statistics: Statistics) -> Gaussian:
    """All levels and regions as one batch, levels first."""
    found = [s.levels[i] for i in range(STYLISED_LEVELS) for s in statistics]
    return Gaussian(torch.cat([g.mean for g in found]), torch.cat([g.covariance for g in found]))


TRANSFORMS: dict[str, Callable[[Statistics, Statistics], RegionMaps]] = {"adain": adain_maps, "wct": wct_maps}
"""How features take the style's statistics, by name."""


def color_maps(content: Statistics, style: Statistics) -> list[ColorAffine]:
    """The Monge–Kantorovich map from each region of the content to its style."""
    return [monge_kantorovich(c.color, s.color) for c, s in zip(content, style, strict=True)]
