"""How a network looks at pictures: at all of their pixels or at half of them, with all digits or half of them."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.precision import half_where_fast

_SHARE = 0.5
_FEWEST = 1 << 17
"""Pixels; of smaller pictures every one is looked at."""


class Sight(NamedTuple):
    """How a network looks.

    Attributes:
        dtype: Of its weights and maps.
        share: Of the pixels of a picture that are looked at.
    """

    dtype: torch.dtype = torch.float32
    share: float = 1.0

    @classmethod
    def for_finish(cls, device: torch.device) -> Sight:
        """What a finish needs: it takes nothing but smooth transforms from the network."""
        return cls(half_where_fast(device), _SHARE)

    @classmethod
    def for_picture(cls, device: torch.device, *, is_coarse: bool) -> Sight:
        """What a picture needs that is shown as it is; a coarse one has no more than 8 bits."""
        return cls(half_where_fast(device)) if is_coarse else cls()

    def pixels_of(self, pixels: int) -> float:
        """How many of so many pixels are looked at."""
        return pixels if pixels < _FEWEST else pixels * self.share

    def see(self, planes: Tensor) -> Tensor:
        """Pictures or masks (B, C, H, W), reduced."""
        height, width = planes.shape[-2:]
        share = self.pixels_of(height * width) / (height * width)
        if share == 1:
            return planes
        size = [max(1, round(side * math.sqrt(share))) for side in (height, width)]
        return F.interpolate(planes, size=size, mode="bilinear", antialias=True, align_corners=False)

    @staticmethod
    def unfold(made: Tensor, picture: Tensor) -> Tensor:
        """What was made (B, C, h, w) of the seen picture, at the size of the picture itself."""
        if made.shape[-2:] == picture.shape[-2:]:
            return made
        return F.interpolate(made, size=picture.shape[-2:], mode="bilinear", align_corners=False)

    @classmethod
    def repainted(cls, made: Tensor, seen: Tensor, picture: Tensor) -> Tensor:
        """A picture (1, 3, h, w) that was made of the seen one, in the size of the whole: its change is enlarged.

        Enlarged itself it would be soft, and a finish would take that for a wish for less contrast.
        """
        return made if made.shape == picture.shape else picture + cls.unfold(made - seen, picture)
