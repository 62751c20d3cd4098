"""Put the look on the photograph: strength, luminance, mask and alpha, at the picture's own precision."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from photostyle.ops.luma import luma, with_luma, within_range
from photostyle.ops.row_blocks import row_blocks
from photostyle.ops.small_algebra import like
from photostyle.stylize.finish import Finish
from photostyle.stylize.pixels import Restored, rgb_reader, to_weight
from photostyle.stylize.regions import RegionSet
from photostyle.stylize.task import Pixels, StylizeTask
from photostyle_protocol.color_space import IDENTITY

_PLANES = 16
"""About how many planes of floats a block of the result needs."""


class Look(NamedTuple):
    """What a job comes to before it is put on the photograph: regions with their borders, and the look of each."""

    regions: RegionSet
    finish: Finish


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

    def begin(self, rows: slice) -> Callable[[], Pixels]:
        """Begin some rows of the result; what is returned waits for them, and gives them in the content's type."""
        out = np.empty_like(self.task.content[rows])
        begun: list[tuple[slice, Restored]] = []
        for block in row_blocks(len(out), _PLANES * out.shape[1], self.device):
            restored = self._block(slice(rows.start + block.start, rows.start + block.stop))
            if self.device.type == "cpu":  # while it is in the cache
                out[block] = restored.pixels()
            else:
                begun.append((block, restored))

        def drawn() -> Pixels:
            for block, restored in begun:
                out[block] = restored.pixels()
            return out

        return drawn

    def _block(self, rows: slice) -> Restored:
        pixels = self.task.content[rows]
        original = rgb_reader(self.task.space)(pixels, self.device)
        look, styled = self._look(original, rows.start)
        look = self._finished(look, original)
        amount = self._amount(rows)
        result = look if isinstance(amount, float) and amount == 1 else torch.lerp(original, look, amount)
        return Restored(result, self._changed(original, result, amount, styled), pixels, self.task.space)

    def _look(self, original: Tensor, first: int) -> tuple[Tensor, Tensor | float]:
        """The sum of the regions' looks, each by its share, and the sum of the shares."""
        if self.regions.mattes is None:
            (strength,) = self.regions.strengths
            look = self.finish.strip(0, original, first)
            return look if strength == 1 else torch.lerp(original, look, strength), strength
        shares = self.regions.blends(original, first, self.task.content.shape[0])
        shares = shares * like(torch.tensor(self.regions.strengths), shares)[None, :, None, None]
        styled = shares.sum(1, keepdim=True)
        return self._mixed(original, shares, first).addcmul_(1 - styled, original), styled

    def _mixed(self, original: Tensor, shares: Tensor, first: int) -> Tensor:
        look = torch.zeros_like(original)
        for k in range(shares.shape[1]):
            share = shares[:, k : k + 1]
            # To ask a GPU takes longer than to do in vain.
            if self.device.type != "cpu" or bool(share.any()):
                look.addcmul_(share, self.finish.strip(k, original, first))
        return look

    def _changed(
        self, original: Tensor, result: Tensor, amount: Tensor | float, styled: Tensor | float
    ) -> Tensor | None:
        """Where the result may differ from the original, (1, 1, h, W), or ``None`` for everywhere."""
        everywhere = torch.ones((1, 1, 1, 1), dtype=torch.bool, device=self.device)
        partial = [part > 0 for part in (amount, styled) if isinstance(part, Tensor)]
        for nothing in (part == 0 for part in (amount, styled) if isinstance(part, float)):
            partial += [~everywhere] if nothing else []
        if self.task.space is not None:  # there and back again it would not be the same to the bit
            partial.append((result != original).any(1, keepdim=True))
        return reduce(torch.logical_and, partial).expand_as(result[:, :1]) if partial else None

    def _finished(self, look: Tensor, original: Tensor) -> Tensor:
        if not self.task.settings.keep_luminance:
            return look
        look = with_luma(look, luma(original))
        # Integers end at 0 and 1, and clamping a colour there would change its luma again; with other primaries
        # than sRGB's they end elsewhere.
        wider = self.task.space is not None and self.task.space.matrix != IDENTITY
        return look if wider or self.task.content.dtype.kind == "f" else within_range(look)

    def _amount(self, rows: slice) -> Tensor | float:
        """How much of the look each pixel takes, for all or (1, 1, h, W): strength × mask."""
        strength = float(self.task.settings.strength)
        if self.task.limit is None:
            return strength
        return strength * to_weight(self.task.limit[rows], self.device)
