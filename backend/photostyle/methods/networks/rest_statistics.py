"""The statistics that REST moves from style to content, region by region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor

from photostyle.methods.networks.rpnet import LevelFeatures, RegionMaps
from photostyle.ops.adain import adain
from photostyle.ops.color_map import ColorAffine
from photostyle.ops.moments import Moments, channel_moments
from photostyle.ops.monge_kantorovich import Gaussian, color_gaussian, monge_kantorovich


class RegionStatistics(NamedTuple):
    """What a picture, or a region of it, is reduced to.

    Attributes:
        levels: Moments of encoder levels 3, 4 and 5.
        color: Gaussian of the colours.
    """

    levels: tuple[Moments, Moments, Moments]
    color: Gaussian


def region_statistics(picture: Tensor, features: LevelFeatures, weight: Tensor) -> RegionStatistics:
    """Statistics of one region of a picture (B, 3, H, W) under a weight (B, 1, H, W)."""
    level3, level4, level5 = (channel_moments(f, weight) for f in features)
    return RegionStatistics((level3, level4, level5), color_gaussian(picture, weight))


def feature_maps(content: Sequence[RegionStatistics], style: Sequence[RegionStatistics]) -> RegionMaps:
    """AdaIN from each region of the content to its style, for each level."""
    return [[adain(c.levels[i], s.levels[i]) for c, s in zip(content, style, strict=True)] for i in range(3)]


def color_maps(content: Sequence[RegionStatistics], style: Sequence[RegionStatistics]) -> list[ColorAffine]:
    """The Monge–Kantorovich map from each region of the content to its style."""
    return [monge_kantorovich(c.color, s.color) for c, s in zip(content, style, strict=True)]
