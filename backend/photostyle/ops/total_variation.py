"""Total variation: how restless a picture is from pixel to pixel."""

from __future__ import annotations

from torch import Tensor


def total_variation(picture: Tensor) -> Tensor:
    """Mean squared difference of neighbours, down and across: (B, C, H, W) → a scalar; 0 for one colour.

    Squared as in Johnson et al. 2016, where it can be differentiated everywhere. A picture of one row has no
    neighbours down.
    """
    steps = (picture.diff(dim=2), picture.diff(dim=3))
    return sum((d.square().mean() for d in steps if d.numel()), start=picture.new_zeros(()))
