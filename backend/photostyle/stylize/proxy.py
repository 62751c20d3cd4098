"""The proxy: a picture reduced to a stated number of pixels, made strip by strip."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.stylize.strips import strips
from photostyle.stylize.task import Pixels

PROXY_PIXELS = 1 << 19
"""The same for content and styles, so that a picture in its own style is met with its own statistics."""


def proxy_size(height: int, width: int, pixels: int) -> tuple[int, int]:
    """The size of a proxy with at most about that many pixels; never larger than the picture."""
    scale = min(1.0, math.sqrt(pixels / (height * width)))
    return max(1, round(height * scale)), max(1, round(width * scale))


def reduce_picture(
    pixels: Pixels,
    size: tuple[int, int],
    convert: Callable[[Pixels, torch.device], Tensor],
    device: torch.device,
) -> Tensor:
    """Convert and shrink a picture or a mask without ever holding all of it as floats.

    Whole factors are averaged in strips; the rest of the way is antialiased bilinear.

    Args:
        pixels: (H, W[, C]).
        size: Of the result.
        convert: `to_rgb`, `to_alpha` or `to_weight`.
        device: Where the result lies.
    """
    height, width = pixels.shape[:2]
    down, across = max(1, height // size[0]), max(1, width // size[1])
    parts = []
    for rows in strips(height, width, multiple=down):
        part = convert(pixels[rows], device)
        parts.append(F.avg_pool2d(part, (down, across), ceil_mode=True) if down * across > 1 else part)
    whole = torch.cat(parts, dim=2)
    if whole.shape[-2:] == size:
        return whole.contiguous()
    return F.interpolate(whole, size=size, mode="bilinear", antialias=True, align_corners=False)
