"""Style as Gram matrices of a perceptual network: of the whole picture, centred, and region by region."""

from __future__ import annotations

import math
from collections.abc import Callable

from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.measures.style_distances import StyleDistances

_GRAM_PAPER = "Gatys et al. 2016; relative to the style, as this project has it"


def gram_measure(distances: StyleDistances) -> Measure:
    """Gram distance: mean over the taps of ‖G_o − G_s‖_F / ‖G_s‖_F, G = F Fᵀ / N for features F (C, N).

    0 for equal statistics; photographs of different places are about 0.9 apart through SqueezeNet, and a result
    that took the style's look 0.4 to 0.5. Only figures through the same network compare.
    """
    return _measure(distances, "gram", "Gram distance", _GRAM_PAPER, distances.gram)


def covariance_measure(distances: StyleDistances) -> Measure:
    """Covariance distance: the Gram distance of features less their mean, which sees contrast and not level."""
    paper = "Li et al. 2017 (WCT) match these; relative to the style, as this project has it"
    return _measure(distances, "cov", "Covariance distance", paper, distances.covariance)


def region_gram_measure(distances: StyleDistances) -> Measure:
    """Region Gram distance: at each tap the Gram distance of each region, weighted by its area in the output.

    Masks are brought to a tap's size by nearest pixel; a region counts at a tap where it covers more than ten feature
    pixels in output and style; the figure is the mean over the taps, nan where no region counts at any. With soft
    masks G = Σ wᵢ fᵢ fᵢᵀ / Σ wᵢ.
    """
    paper = "Luan et al. 2017 (masked Gram); relative to the style, as this project has it"
    return _measure(distances, "gram-region", "Region Gram distance", paper, distances.region_gram)


def _measure(distances: StyleDistances, name: str, title: str, paper: str, compute: Callable[..., float]) -> Measure:
    return Measure(
        name=name,
        title=f"{title} ({distances.network.title})",
        paper=paper,
        low=0.0,
        high=math.inf,
        better="lower",
        compute=compute,
        needs=frozenset({"regions"}) if name == "gram-region" else frozenset(),
    )
