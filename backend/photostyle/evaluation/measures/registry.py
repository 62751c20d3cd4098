"""Measures by name."""

from __future__ import annotations

from collections.abc import Sequence

from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.measures.region_color import COLOR_REGION
from photostyle.evaluation.measures.ssim_volume import SSIM
from photostyle.features.base import Features
from photostyle_protocol.errors import BadOptionError

_PLAIN = {measure.name: measure for measure in (SSIM, COLOR_REGION)}


def names() -> tuple[str, ...]:
    """The known measures, in the order of tables."""
    return tuple(_PLAIN)


def load(names: Sequence[str], network: Features | None = None) -> list[Measure]:
    """Measures ready to use.

    Args:
        names: Which, see `names`.
        network: What the style measures look through; the others do without.

    Raises:
        BadOptionError: A name is unknown.
    """
    return [_load(name) for name in names]


def _load(name: str) -> Measure:
    if name not in _PLAIN:
        raise BadOptionError(f"No measure is called {name!r}.", f"Choose from: {', '.join(names())}.")
    return _PLAIN[name]
