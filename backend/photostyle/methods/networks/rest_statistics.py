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
from photostyle.ops.small_algebra import OnTheWay
from photostyle.ops.wct import FeatureAffine, wct


class RegionStatistics(NamedTuple):
    """What a picture, or a region of it, is reduced to.

    Attributes:
        levels: Gaussians of encoder levels 3, 4 and 5.
        color: Gaussian of the colours.
    """

    levels: tuple[Gaussian, Gaussian, Gaussian]
    color: Gaussian

    def numbers(self) -> list[Tensor]:
        """All that it consists of, one after the other."""
        return [tensor for gaussian in (*self.levels, self.color) for tensor in gaussian]

    @classmethod
    def of_numbers(cls, numbers: Sequence[Tensor]) -> RegionStatistics:
        """Undo `numbers`."""
        level3, level4, level5, color = (Gaussian(*numbers[i : i + 2]) for i in range(0, len(numbers), 2))
        return cls((level3, level4, level5), color)


Statistics = Sequence[RegionStatistics]
"""One for each region."""


class StatisticsOnTheWay:
    """Statistics of content and style on their way to the CPU, see `OnTheWay`."""

    def __init__(self, content: Statistics, style: Statistics) -> None:
        self._each = len(content[0].numbers())
        self._numbers = OnTheWay([t for statistics in (*content, *style) for t in statistics.numbers()])

    def arrived(self) -> tuple[Statistics, Statistics]:
        """Those of the content, and those of the style."""
        numbers = self._numbers.arrived()
        starts = range(0, len(numbers), self._each)
        found = [RegionStatistics.of_numbers(numbers[start : start + self._each]) for start in starts]
        return found[: len(found) // 2], found[len(found) // 2 :]


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
