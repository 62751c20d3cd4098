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


_LONGEST = 1 << 13
"""Pixels of a side: what a finish makes of a proxy is a matrix for each side, cells times pixels."""


def proxy_size(height: int, width: int, pixels: int) -> tuple[int, int]:
    """The size of a proxy with at most about that many pixels; never larger than the picture, and never a long line."""
    scale = min(1.0, math.sqrt(pixels / (height * width)))
    rows, columns = (min(_LONGEST, max(1, round(side * scale))) for side in (height, width))
    return rows, columns


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
    whole: Tensor | None = None
    for rows in strips(height, width, multiple=down):
        part = convert(pixels[rows], device)
        part = F.avg_pool2d(part, (down, across), ceil_mode=True) if down * across > 1 else part
        if whole is None:
            # All of it at once: small parts that stay, between large ones that go, would keep the memory of the large.
            whole = part.new_empty((1, part.shape[1], -(-height // down), part.shape[3]))
        whole[:, :, rows.start // down : rows.start // down + part.shape[2]] = part
    assert whole is not None  # noqa: S101 - a picture has a row
    if whole.shape[-2:] == size:
        return whole
    if whole.shape[3] == 1:
        # Of a contiguous column torch 2.13 reads the first pixel alone.
        whole = whole.to(memory_format=torch.channels_last)
    return F.interpolate(whole, size=size, mode="bilinear", antialias=True, align_corners=False)
