"""Methods that are one map of colours for each region, found from statistics of the whole content."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.overview import Overview, TiledMethod, Weighted
from photostyle.ops.gaussian import Gaussian
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar

ColorMap = Callable[[Tensor], Tensor]
"""Colours (1, 3, h, w) to colours; each pixel by itself."""


class MappedMethod(TiledMethod):
    """A method that needs nothing of the content but a Gaussian, and nothing of a pixel's surroundings."""

    finish = "none"
    is_swift = True
    is_smooth_map = True

    @abstractmethod
    def measured(self, content: Tensor) -> Tensor:
        """What the Gaussian is of, (1, C, h, w), in a part of the content."""

    @abstractmethod
    def color_map(self, of_content: Gaussian, region: Region) -> ColorMap:
        """The map of one region.

        Args:
            of_content: Of all that is `measured`, under the region's weight.
            region: The style is what is looked at.
        """

    def paint(
        self,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        progress: Progress,
        overview: Overview,
    ) -> Tensor:
        """Map the content for each region; see `TiledMethod.paint`."""
        measured = self.measured(content)
        of_content = overview.gaussians([Weighted(measured, region.weight) for region in regions])
        pairs = zip(of_content, regions, strict=True)
        maps = overview.once(lambda: [self.color_map(of, region) for of, region in pairs])
        results = []
        for index, color_map in enumerate(maps):
            results.append(color_map(content))
            progress((index + 1) / len(maps), "colour map")
        return torch.cat(results)
