"""Measures by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.measures.brisque import BRISQUE
from photostyle.evaluation.measures.delta_e import DELTA_E
from photostyle.evaluation.measures.gram import covariance_measure, gram_measure, region_gram_measure
from photostyle.evaluation.measures.niqe import NIQE
from photostyle.evaluation.measures.psnr import PSNR
from photostyle.evaluation.measures.region_color import COLOR_REGION
from photostyle.evaluation.measures.ssim_edges import SSIM_EDGES
from photostyle.evaluation.measures.ssim_truth import SSIM_TRUTH
from photostyle.evaluation.measures.ssim_volume import SSIM
from photostyle.evaluation.measures.ssim_yang import SSIM_YANG
from photostyle.evaluation.measures.style_distances import StyleDistances
from photostyle.features.base import Features
from photostyle_protocol.errors import BadOptionError

_PLAIN = {
    measure.name: measure
    for measure in (SSIM, SSIM_YANG, SSIM_EDGES, COLOR_REGION, BRISQUE, NIQE, PSNR, SSIM_TRUTH, DELTA_E)
}
_PERCEPTUAL: dict[str, Callable[[StyleDistances], Measure]] = {
    "gram": gram_measure,
    "cov": covariance_measure,
    "gram-region": region_gram_measure,
}


def names() -> tuple[str, ...]:
    """The known measures, in the order of tables."""
    return (*_PLAIN, *_PERCEPTUAL)


def perceptual_names() -> tuple[str, ...]:
    """Those that look through a network."""
    return tuple(_PERCEPTUAL)


def load(names: Sequence[str], network: Features | None = None) -> list[Measure]:
    """Measures ready to use; those that look through the network share what they see.

    Args:
        names: Which, see `names`.
        network: What the Gram measures look through; the others do without.

    Raises:
        BadOptionError: A name is unknown, or a measure needs the network and there is none.
    """
    distances = StyleDistances(network) if network is not None else None
    return [_load(name, distances) for name in names]


def _load(name: str, distances: StyleDistances | None) -> Measure:
    if name in _PLAIN:
        return _PLAIN[name]
    if name not in _PERCEPTUAL:
        raise BadOptionError(f"No measure is called {name!r}.", f"Choose from: {', '.join(names())}.")
    if distances is None:
        raise BadOptionError(f"The measure {name} looks through a network, and none was named.", "Name a network.")
    return _PERCEPTUAL[name](distances)
