"""CIEDE2000: how different two colours look."""

from __future__ import annotations

import math

import torch
from torch import Tensor

_FULL = 2 * math.pi
_STEEP = 25.0**7


def _blue_rotation(hue: Tensor, chroma: Tensor) -> Tensor:
    angle = torch.exp(-(((torch.rad2deg(hue) - 275) / 25) ** 2)) * math.radians(60)
    return -torch.sin(angle) * _saturating(chroma) * 2


def _saturating(chroma: Tensor) -> Tensor:
    seventh = chroma**7
    return torch.sqrt(seventh / (seventh + _STEEP))


def _hue(a: Tensor, b: Tensor) -> Tensor:
    """0 to 2π."""
    return torch.atan2(b, a) % _FULL


def _hue_difference(first: Tensor, second: Tensor, colourful: Tensor) -> Tensor:
    """The shorter way round, −π to π; 0 where one of the two has no hue."""
    way = second - first
    way = torch.where(way > math.pi, way - _FULL, torch.where(way < -math.pi, way + _FULL, way))
    return torch.where(colourful, way, 0.0)


def _mean_hue(first: Tensor, second: Tensor, colourful: Tensor) -> Tensor:
    """Halfway on the shorter way round; the sum where one of the two has no hue."""
    total = first + second
    across = (first - second).abs() > math.pi
    halfway = torch.where(across, (total + torch.where(total < _FULL, _FULL, -_FULL)) / 2, total / 2)
    return torch.where(colourful, halfway, total)


def _hue_weight(hue: Tensor) -> Tensor:
    return (
        1
        - 0.17 * torch.cos(hue - math.radians(30))
        + 0.24 * torch.cos(2 * hue)
        + 0.32 * torch.cos(3 * hue + math.radians(6))
        - 0.20 * torch.cos(4 * hue - math.radians(63))
    )


def delta_e_2000(first: Tensor, second: Tensor) -> Tensor:
    """CIEDE2000 with kL = kC = kH = 1 (CIE 142; Sharma, Wu and Dalal 2005) of colours in Lab.

    Args:
        first: (B, 3, H, W), L 0–100.
        second: The same shape.

    Returns:
        (B, 1, H, W); 0 for equal colours, about 1 for a difference that is just seen, 100 from black to white.
    """
    (l1, a1, b1), (l2, a2, b2) = (lab.split(1, dim=1) for lab in (first, second))
    stretch = 1.5 - 0.5 * _saturating((torch.hypot(a1, b1) + torch.hypot(a2, b2)) / 2)
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = torch.hypot(a1, b1), torch.hypot(a2, b2)
    h1, h2 = _hue(a1, b1), _hue(a2, b2)
    colourful = c1 * c2 > 0
    chroma, hue = (c1 + c2) / 2, _mean_hue(h1, h2, colourful)
    grey = ((l1 + l2) / 2 - 50) ** 2
    lightness = (l2 - l1) / (1 + 0.015 * grey / torch.sqrt(20 + grey))
    saturation = (c2 - c1) / (1 + 0.045 * chroma)
    turn = 2 * torch.sqrt(c1 * c2) * torch.sin(_hue_difference(h1, h2, colourful) / 2)
    turn = turn / (1 + 0.015 * chroma * _hue_weight(hue))
    squares = lightness**2 + saturation**2 + turn**2 + _blue_rotation(hue, chroma) * saturation * turn
    return torch.sqrt(squares.clamp_min(0))
