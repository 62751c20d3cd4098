"""A picture in the making, small enough to be sent twice a second."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.stylize.task import Pixels

SIDE = 256
"""Longest side in pixels."""


@torch.no_grad()
def small_picture(make: Callable[[], Tensor]) -> Pixels:
    """Make a picture of what a method has so far.

    Args:
        make: Makes (1, 3 or 4, h, w), encoded RGB and perhaps alpha, nominally 0–1, on any device.

    Returns:
        (h', w', 3 or 4) uint8, its longest side at most `SIDE`.
    """
    levels = shrunk(make().float())[0].permute(1, 2, 0).nan_to_num().clamp(0, 1).mul(255).round()
    return np.ascontiguousarray(levels.to(torch.uint8).cpu().numpy())


def shrunk(picture: Tensor) -> Tensor:
    """A picture (1, C, h, w) whose longest side is at most `SIDE`."""
    scale = SIDE / max(picture.shape[-2:])
    if scale >= 1:
        return picture
    size = [max(1, round(length * scale)) for length in picture.shape[-2:]]
    return F.interpolate(picture, size=size, mode="bilinear", antialias=True, align_corners=False)
