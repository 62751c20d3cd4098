"""The finish: from what the method made to a look for any strip of the full-size picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

from photostyle.methods.base import Region
from photostyle.ops.bilateral_grid import AffineGrid, apply_grid, fit_grid
from photostyle_protocol.progress import Progress

_EVERYWHERE = 0.02
"""The method's output is defined beyond a region's border; fitting a little of it there keeps the grid calm."""


class Finish(Protocol):
    """The look of each region at full size."""

    def strip(self, region: int, content: Tensor, first: int) -> Tensor:
        """Rows ``first …`` of the content (1, 3, n, W) in the look of a region."""


class GridFinish:
    """One bilateral grid of affine colour transforms for each region.

    Args:
        grids: K of them.
        height: Rows of the full-size picture.
    """

    def __init__(self, grids: Sequence[AffineGrid], height: int) -> None:
        self._grids = grids
        self._height = height

    def strip(self, region: int, content: Tensor, first: int) -> Tensor:
        """See `Finish.strip`."""
        return apply_grid(self._grids[region], content, first, self._height)


def fit_finish(
    content: Tensor, stylised: Tensor, regions: Sequence[Region], height: int, progress: Progress
) -> GridFinish:
    """Fit a grid to what the method made of each region.

    Args:
        content: The proxy (1, 3, h, w).
        stylised: The method's output on it (K, 3, h, w).
        regions: K of them.
        height: Rows of the full-size picture.
        progress: Called before each region with the done fraction of the fitting.
    """
    grids = []
    for k, region in enumerate(regions):
        progress(k / len(regions), "fitting the finish")
        grids.append(fit_grid(content, stylised[k : k + 1], region.blend + _EVERYWHERE))
    return GridFinish(grids, height)


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
