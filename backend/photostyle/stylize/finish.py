"""The finish: from what the method made to a look for any strip of the full-size picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from torch import Tensor

from photostyle.methods.base import Region
from photostyle.ops.bilateral_grid import apply_grid, fit_grid
from photostyle.ops.guided_filter import apply_guided, fit_guided
from photostyle_protocol.progress import Progress

_EVERYWHERE = 0.02
"""The method's output is defined beyond a region's border; fitting a little of it there keeps the fit calm."""


class Finish(Protocol):
    """The look of each region at full size."""

    def strip(self, region: int, content: Tensor, first: int) -> Tensor:
        """Rows ``first …`` of the content (1, 3, n, W) in the look of a region."""


Fit = Callable[[Tensor, Tensor, Tensor], Any]
"""(proxy, stylised proxy, weight) → local affine colour transforms."""
Apply = Callable[[Any, Tensor, int, int], Tensor]
"""(transforms, strip, first row, rows of the picture) → the strip transformed."""

_FITTED: Mapping[str, tuple[Fit, Apply]] = {"grid": (fit_grid, apply_grid), "guided": (fit_guided, apply_guided)}


class FittedFinish:
    """Local affine colour transforms for each region, fitted on the proxy.

    Args:
        maps: K of them.
        apply: What puts one on a strip.
        height: Rows of the full-size picture.
    """

    def __init__(self, maps: Sequence[Any], apply: Apply, height: int) -> None:
        self._maps = maps
        self._apply = apply
        self._height = height

    def strip(self, region: int, content: Tensor, first: int) -> Tensor:
        """See `Finish.strip`."""
        return self._apply(self._maps[region], content, first, self._height)


def fit_finish(  # noqa: PLR0913, PLR0917 - what a fit needs, each once
    name: str, content: Tensor, stylised: Tensor, regions: Sequence[Region], height: int, progress: Progress
) -> FittedFinish:
    """Fit local transforms to what the method made of each region.

    Args:
        name: ``grid`` (calm) or ``guided`` (the finest detail).
        content: The proxy (1, 3, h, w).
        stylised: The method's output on it (K, 3, h, w).
        regions: K of them.
        height: Rows of the full-size picture.
        progress: Called before each region with the done fraction of the fitting.
    """
    fit, apply = _FITTED[name]
    maps = []
    for k, region in enumerate(regions):
        progress(k / len(regions), "fitting the finish")
        maps.append(fit(content, stylised[k : k + 1], region.blend + _EVERYWHERE))
    return FittedFinish(maps, apply, height)


class RawFinish:
    """The method's output at full size as it is.

    Args:
        stylised: (K, 3, H, W).
    """

    def __init__(self, stylised: Tensor) -> None:
        self._stylised = stylised

    def strip(self, region: int, content: Tensor, first: int) -> Tensor:
        """See `Finish.strip`."""
        return self._stylised[region : region + 1, :, first : first + content.shape[2]]
