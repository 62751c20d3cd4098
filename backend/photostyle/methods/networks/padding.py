"""Pictures of any size for networks that halve it twice."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import at_least

_MULTIPLE = 4
_FEWEST = 8
"""Instance normalisation needs more than one pixel where a network is smallest."""


def padded(x: Tensor) -> Tensor:
    """Repeat the last row and column until both sides are multiples of 4, and at least 8."""
    large = at_least(x, _FEWEST)
    below, right = (-side % _MULTIPLE for side in large.shape[-2:])
    return F.pad(large, (0, right, 0, below), mode="replicate")
