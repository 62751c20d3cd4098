"""Put the look on the photograph: strength, luminance, mask and alpha, at the picture's own precision."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.luma import luma
from photostyle.stylize.finish import Finish
from photostyle.stylize.pixels import restore, to_rgb, to_weight
from photostyle.stylize.regions import RegionSet
from photostyle.stylize.task import Pixels, StylizeTask


class Composition(NamedTuple):
    """All that a strip of the result is made of.

    Attributes:
        task: The original pixels, the mask and the settings.
        regions: With their strengths and borders.
        finish: The look of each region.
        device: Where to compute.
    """

    task: StylizeTask
    regions: RegionSet
    finish: Finish
    device: torch.device

    def strip(self, rows: slice) -> Pixels:
        """Some rows of the result, in the content's type."""
        original = to_rgb(self.task.content[rows], self.device)
        shares = self.regions.blends(original, rows.start, self.task.content.shape[0])
        look = self._look(original, shares, rows.start)
        amount = self._amount(shares, rows)
        return restore(torch.lerp(original, look, amount), amount > 0, self.task.content[rows])

    def _look(self, original: Tensor, shares: Tensor, first: int) -> Tensor:
        look = torch.zeros_like(original)
        for k in range(shares.shape[1]):
            share = shares[:, k : k + 1]
            if shares.shape[1] == 1 or bool(share.any()):
                look.addcmul_(share, self.finish.strip(k, original, first))
        return look + (luma(original) - luma(look)) if self.task.settings.keep_luminance else look

    def _amount(self, shares: Tensor, rows: slice) -> Tensor:
        """How much of the look each pixel takes, (1, 1, h, W): strength × region strength × mask."""
        strengths = torch.tensor(self.regions.strengths, device=self.device)[None, :, None, None]
        amount = (shares * strengths).sum(1, keepdim=True) * self.task.settings.strength
        if self.task.mask is None:
            return amount
        return amount * to_weight(self.task.mask[rows], self.device)
