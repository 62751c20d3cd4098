"""The sizes at which a picture is optimised, coarse to fine, and the way from one to the next."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

_SMALLEST_SIDE = 32
"""Fewer pixels than this and the deep layers of a network see nothing: a smaller picture is enlarged."""
_COARSEST_SIDE = 64
_LEVELS = 3

Size = tuple[int, int]


def level_sizes(height: int, width: int, longest: int) -> list[Size]:
    """Heights and widths from coarse to fine, each twice the one before.

    Args:
        height: Of the picture.
        width: Of the picture.
        longest: The longer side at the finest level; the picture's own where that is shorter.
    """
    scale = min(1.0, longest / max(height, width))
    finest = max(_SMALLEST_SIDE, round(height * scale)), max(_SMALLEST_SIDE, round(width * scale))
    sizes = [(finest[0] >> n, finest[1] >> n) for n in range(_LEVELS)]
    return [size for size in reversed(sizes) if size == finest or min(size) >= _COARSEST_SIDE]


def resized(picture: Tensor, size: Size) -> Tensor:
    """A picture or a mask (1, C, H, W) at another size, antialiased."""
    if picture.shape[-2:] == size:
        return picture
    return F.interpolate(picture, size=size, mode="bilinear", antialias=True, align_corners=False)


def shrunk(picture: Tensor, longest: int) -> Tensor:
    """A picture or a mask (1, C, H, W) whose longer side is at most this, and no side below what a network needs."""
    return resized(picture, level_sizes(picture.shape[2], picture.shape[3], longest)[-1])


def carried(change: Tensor, content: Tensor) -> Tensor:
    """What was done to a smaller content, (1, 3, h, w), done to this one (1, 3, H, W): its finer detail stays."""
    return content + resized(change, (content.shape[2], content.shape[3]))
