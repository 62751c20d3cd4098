"""How much the content's pixels count for its statistics: alpha × selection, and none more than a white one."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.moments import tamed


class Weighting(NamedTuple):
    """Whether alpha and selection count; decided on the small copy, so that every tile does the same."""

    alpha: Tensor
    selection: Tensor

    @classmethod
    def decide(cls, alpha: Tensor, selected: Tensor | None) -> Weighting:
        """A selection of nothing but transparent pixels still has colours: they are all there is to go by.

        Args:
            alpha: (1, 1, h, w).
            selected: The same, if there is a selection.
        """
        if selected is None:
            return cls(alpha.any(), torch.zeros((), dtype=torch.bool, device=alpha.device))
        return cls((alpha * selected).any(), selected.any())

    def of(self, content: Tensor, alpha: Tensor, selected: Tensor | None) -> Tensor:
        """How much each pixel counts, (1, 1, h, w).

        Args:
            content: (1, 3, h, w).
            alpha: (1, 1, h, w).
            selected: The same, if there is a selection.
        """
        weight = torch.where(self.alpha, alpha, 1)
        if selected is not None:
            weight = torch.where(self.selection, weight * selected, weight)
        return tamed(weight, content)
