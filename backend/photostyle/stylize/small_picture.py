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
def small_picture(make: Callable[[], Tensor], side: int = SIDE) -> Pixels:
    """Shrink what a method has so far.

    Args:
        make: Makes (1, 3, h, w), encoded RGB, nominally 0–1, on any device.
        side: Longest side of the result, in pixels.

    Returns:
        (h', w', 3) uint8.
    """
    picture = make().float()
    scale = side / max(picture.shape[-2:])
    if scale < 1:
        size = [max(1, round(length * scale)) for length in picture.shape[-2:]]
        picture = F.interpolate(picture, size=size, mode="bilinear", antialias=True, align_corners=False)
    levels = picture[0].permute(1, 2, 0).nan_to_num().clamp(0, 1).mul(255).round()
    return np.ascontiguousarray(levels.to(torch.uint8).cpu().numpy())
