"""The distances between feature statistics that stand for style, and what is kept from one picture to the next."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from photostyle.evaluation.measures.base import Sample
from photostyle.evaluation.measures.gram_statistics import (
    FEWEST,
    RegionGram,
    covariance,
    gram,
    region_gram,
    relative_distance,
)
from photostyle.features.base import Features
from photostyle.ops.digest import digest
from photostyle.ops.remembered import Remembered

_PICTURES = 2
"""Feature maps are large: those of the output and of its style are enough."""
_STATISTICS = 512
"""Statistics of a picture or a region, 1.4 MB each through SqueezeNet: 41 pairs with four or five regions fit."""


class StyleDistances:
    """How far an output is from its style, seen through one network.

    A style's statistics are computed once, and so are the features of an output that several measures ask for;
    pictures are known by their values, so it does not matter who read them.

    Args:
        network: What to look through; it runs where its weights are.
    """

    def __init__(self, network: Features) -> None:
        self.network = network
        self._device = next(network.parameters()).device
        self._features: Remembered[list[Tensor]] = Remembered(_PICTURES)
        self._whole: Remembered[list[Tensor]] = Remembered(_STATISTICS)
        self._regions: Remembered[list[RegionGram]] = Remembered(_STATISTICS)

    @torch.inference_mode()
    def gram(self, sample: Sample) -> float:
        """Mean over the taps of ‖G_o − G_s‖ / ‖G_s‖ with G = F Fᵀ / N."""
        return self._distance(sample, gram)

    @torch.inference_mode()
    def covariance(self, sample: Sample) -> float:
        """The same with features less their mean."""
        return self._distance(sample, covariance)

    @torch.inference_mode()
    def region_gram(self, sample: Sample) -> float:
        """The Gram distance of each region, weighted by its area in the output; nan where no region is large enough."""
        output, style = digest(sample.output), digest(sample.style)
        got = [_region_grams(self._seen(output, sample.output), on_output) for on_output, _ in sample.regions]
        wanted = [self._of_style(style, sample.style, on_style) for _, on_style in sample.regions]
        taps = map(_weighted_distance, zip(*got, strict=True), zip(*wanted, strict=True))
        found = [distance for distance in taps if not math.isnan(distance)]
        return sum(found) / len(found) if found else math.nan

    def _distance(self, sample: Sample, statistic: Callable[[Tensor], Tensor]) -> float:
        got = _statistics(self._seen(digest(sample.output), sample.output), statistic)
        key = digest(sample.style)
        wanted = self._whole.get(
            key + statistic.__name__.encode(), lambda: _statistics(self._seen(key, sample.style), statistic)
        )
        return sum(map(relative_distance, got, wanted)) / len(wanted)

    def _of_style(self, key: bytes, style: Tensor, weight: Tensor) -> list[RegionGram]:
        return self._regions.get(key + digest(weight), lambda: _region_grams(self._seen(key, style), weight))

    def _seen(self, key: bytes, picture: Tensor) -> list[Tensor]:
        return self._features.get(key, lambda: self.network(picture.to(self._device)))


def _statistics(features: Sequence[Tensor], statistic: Callable[[Tensor], Tensor]) -> list[Tensor]:
    return [statistic(f[0].flatten(1)) for f in features]


def _region_grams(features: Sequence[Tensor], weight: Tensor) -> list[RegionGram]:
    return [region_gram(f, weight) for f in features]


def _weighted_distance(got: Sequence[RegionGram], wanted: Sequence[RegionGram]) -> float:
    """Of one tap, over its regions."""
    pairs = [(g, w) for g, w in zip(got, wanted, strict=True) if min(g.area, w.area) > FEWEST]
    area = sum(g.area for g, _ in pairs)
    return sum(relative_distance(g.gram, w.gram) * g.area for g, w in pairs) / area if pairs else math.nan
