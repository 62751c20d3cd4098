"""Put the look on the photograph: strength, luminance, mask and alpha, at the picture's own precision."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.luma import luma, with_luma, within_range
from photostyle.stylize.finish import Finish
from photostyle.stylize.pixels import restore, rgb_reader, to_weight
from photostyle.stylize.regions import RegionSet
from photostyle.stylize.task import Pixels, StylizeTask
from photostyle_protocol.color_space import IDENTITY


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
        original = rgb_reader(self.task.space)(self.task.content[rows], self.device)
        shares = self.regions.blends(original, rows.start, self.task.content.shape[0])
        shares = shares * torch.tensor(self.regions.strengths, device=self.device)[None, :, None, None]
        styled = shares.sum(1, keepdim=True)
        look = self._look(original, shares, rows.start).addcmul_(1 - styled, original)
        amount = self._amount(rows)
        result = torch.lerp(original, self._finished(look, original), amount)
        changed = (amount > 0) & (styled > 0) & (result != original).any(1, keepdim=True)
        return restore(result, changed, self.task.content[rows], self.task.space)

    def _look(self, original: Tensor, shares: Tensor, first: int) -> Tensor:
        """The sum of the regions' looks, each by its share."""
        look = torch.zeros_like(original)
        for k in range(shares.shape[1]):
            share = shares[:, k : k + 1]
            if bool(share.any()):
                look.addcmul_(share, self.finish.strip(k, original, first))
        return look

    def _finished(self, look: Tensor, original: Tensor) -> Tensor:
        if not self.task.settings.keep_luminance:
            return look
        look = with_luma(look, luma(original))
        # Integers end at 0 and 1, and clamping a colour there would change its luma again; with other primaries
        # than sRGB's they end elsewhere.
        wider = self.task.space is not None and self.task.space.matrix != IDENTITY
        return look if wider or self.task.content.dtype.kind == "f" else within_range(look)

    def _amount(self, rows: slice) -> Tensor:
        """How much of the look each pixel takes, (1, 1, 1, 1) or (1, 1, h, W): strength × mask."""
        strength = torch.full((1, 1, 1, 1), self.task.settings.strength, device=self.device)
        if self.task.limit is None:
            return strength
        return strength * to_weight(self.task.limit[rows], self.device)
