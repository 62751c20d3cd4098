"""Random colour grades, as a photographer might make them: the known answer of a test and of a training example."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.luma import luma
from photostyle.ops.srgb_curve import encode, linearise

_KINDS = 6
_FEWEST = 2
"""A grade turns at least this many of its six knobs."""

_TO_OPPONENT = (
    (0.2126, 0.7152, 0.0722),
    (0.5959, -0.2746, -0.3213),
    (0.2115, -0.5227, 0.3112),
)
"""RGB to luma and the two chroma axes of NTSC, in whose plane a hue turns."""


class Grade(NamedTuple):
    """The knobs of one grade for each picture of a batch.

    Attributes:
        exposure: Gain of linear light in stops, (B, 1, 1, 1).
        white_balance: Gains of linear red, green and blue, (B, 3, 1, 1).
        gamma: Exponent of the encoded colours, (B, 1, 1, 1).
        contrast: −1 to 1, how far an S-curve bends, (B, 1, 1, 1).
        saturation: Factor of the distance to grey, (B, 1, 1, 1).
        shadows: Added to black, (B, 3, 1, 1).
        highlights: Added to white, (B, 3, 1, 1).
        hue: Turn of the chroma plane in radians, (B, 1, 1, 1).
    """

    exposure: Tensor
    white_balance: Tensor
    gamma: Tensor
    contrast: Tensor
    saturation: Tensor
    shadows: Tensor
    highlights: Tensor
    hue: Tensor


def random_grade(batch: int, generator: torch.Generator) -> Grade:
    """Draw a grade for each picture of a batch, on the CPU; at least two of its six knobs are turned."""

    def noise(channels: int = 1) -> Tensor:
        return torch.rand((batch, channels, 1, 1), generator=generator) * 2 - 1

    order = torch.rand((batch, _KINDS), generator=generator).argsort(dim=1)
    count = torch.randint(_FEWEST, _KINDS + 1, (batch, 1), generator=generator)
    exposed, balanced, curved, saturated, toned, turned = ((order < count).float()[:, :, None, None, None]).unbind(1)
    return Grade(
        exposure=0.8 * noise() * exposed,
        white_balance=torch.exp2(0.6 * noise(3) * balanced),
        gamma=torch.exp2(0.6 * noise() * curved),
        contrast=0.7 * noise() * curved,
        saturation=1 + 0.6 * noise() * saturated,
        shadows=0.1 * noise(3) * toned,
        highlights=0.1 * noise(3) * toned,
        hue=math.radians(20) * noise() * turned,
    )


def apply_grade(x: Tensor, grade: Grade) -> Tensor:
    """Grade pictures (B, 3, H, W; 0–1). Nothing is clamped at the end: some colours may leave the range."""
    exposure, balance, gamma, contrast, saturation, shadows, highlights, hue = (
        g.to(x.device, non_blocking=x.is_cuda) for g in grade
    )
    x = encode(linearise(x) * torch.exp2(exposure) * balance)
    x = x.clamp_min(0).pow(gamma)
    x = x - contrast * torch.sin(2 * math.pi * x.clamp(0, 1)) / (2 * math.pi)
    grey = luma(x)
    x = grey + saturation * (x - grey)
    x = x + shadows * (1 - grey) + highlights * grey
    return _turned(x, hue)


def _turned(x: Tensor, hue: Tensor) -> Tensor:
    to = torch.tensor(_TO_OPPONENT, dtype=x.dtype)
    there, back = (m.to(x.device, non_blocking=x.is_cuda) for m in (to, torch.linalg.inv(to)))
    y, i, q = torch.einsum("ij,bjhw->bihw", there, x).split(1, dim=1)
    cos, sin = torch.cos(hue), torch.sin(hue)
    turned = torch.cat([y, cos * i - sin * q, sin * i + cos * q], dim=1)
    return torch.einsum("ij,bjhw->bihw", back, turned)
