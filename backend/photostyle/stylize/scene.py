"""What is painted at full size, and how much its pixels count."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from photostyle.ops.bilateral_space import slice_rows
from photostyle.stylize.pixels import to_alpha, to_weight
from photostyle.stylize.regions import RegionSet
from photostyle.stylize.task import Pixels, StylizeTask
from photostyle.stylize.weighting import Weighting

_NOTHING = 1e-12


class Scene(NamedTuple):
    """What is painted.

    Attributes:
        task: The original pixels.
        weighting: How much each counts.
        content: A small copy of them, (1, 3, h, w).
        regions: On the small copy.
        drawn: How much of the small copy is each region's own, before its borders followed the photograph:
            (1, 1, h, w), or ``None`` for all of it.
    """

    task: StylizeTask
    weighting: Weighting
    content: Tensor
    regions: RegionSet
    drawn: list[Tensor | None]

    @classmethod
    def of(cls, task: StylizeTask, weighting: Weighting, content: Tensor, weight: Tensor, regions: RegionSet) -> Scene:
        """A scene.

        Args:
            task: See the attributes.
            weighting: See the attributes.
            content: See the attributes.
            weight: How much each pixel of the small copy counts, (1, 1, h, w).
            regions: See the attributes.
        """
        shares = ((region.weight / weight.clamp_min(_NOTHING)).clamp(0, 1) for region in regions.regions)
        drawn = [None if bool((share == 1).all()) else share for share in shares]
        return cls(task, weighting, content, regions, drawn)

    def weights(self, content: Tensor, pixels: Pixels, rows: slice) -> list[Tensor]:
        """How much some rows count for each region's statistics, (1, 1, n, W) each.

        Args:
            content: Their colours, (1, 3, n, W).
            pixels: What they are made of; the task's own may have been drawn over.
            rows: Where they are.
        """
        mask = self.task.mask
        selected = None if mask is None else to_weight(mask[rows], content.device)
        weight = self.weighting.of(content, to_alpha(pixels, content.device), selected)
        height = self.task.content.shape[0]
        return [
            weight if share is None else weight * slice_rows(share, weight[0, 0], rows.start, height)[None]
            for share in self.drawn
        ]
