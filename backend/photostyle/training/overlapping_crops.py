"""Two differently graded crops of one photograph, and where each place of the first lies in the second."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.training.photographs import graded

_SMALLEST = 0.5
"""Side of a crop, as a share of the photograph's short side."""


class Window(NamedTuple):
    """A square of a photograph in pixels; `flipped` is left to right."""

    top: float
    left: float
    side: float
    flipped: bool


class Crops(NamedTuple):
    """A batch of training examples.

    Attributes:
        plain: First crops, then second crops, as photographed, (2B, 3, S, S).
        graded: The same under a random grade each, 0–1.
        windows: For each photograph, the two windows.
    """

    plain: Tensor
    graded: Tensor
    windows: list[tuple[Window, Window]]


def random_windows(height: int, width: int, generator: torch.Generator) -> tuple[Window, Window]:
    """Two windows of a photograph whose middles lie in each other."""
    short = min(height, width)
    first = _window(height, width, _side(short, generator), torch.rand(2, generator=generator).tolist(), False)
    while True:
        draw = torch.rand(3, generator=generator).tolist()
        second = _window(height, width, _side(short, generator), draw[:2], draw[2] < 0.5)
        if _holds_middle(first, second) and _holds_middle(second, first):
            return first, second


def _side(short: int, generator: torch.Generator) -> float:
    return short * (_SMALLEST + (1 - _SMALLEST) * float(torch.rand((), generator=generator)))


def _window(height: int, width: int, side: float, draw: list[float], flipped: bool) -> Window:
    side = float(int(side))
    return Window(float(int(draw[0] * (height - side))), float(int(draw[1] * (width - side))), side, flipped)


def _holds_middle(window: Window, other: Window) -> bool:
    row, column = other.top + other.side / 2, other.left + other.side / 2
    return window.top < row < window.top + window.side and window.left < column < window.left + window.side


def cut(picture: Tensor, window: Window, size: int) -> Tensor:
    """A window of a photograph (3, H, W) as (1, 3, size, size)."""
    top, left, side = int(window.top), int(window.left), int(window.side)
    part = picture[None, :, top : top + side, left : left + side].float() / 255
    part = F.interpolate(part, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return part.flip(3) if window.flipped else part


def overlapping_crops(pictures: list[Tensor], count: int, size: int, generator: torch.Generator) -> Crops:
    """Draw a batch of `count` photographs (3, H, W; uint8) and cut, resample and grade two crops of each."""
    chosen = [pictures[i] for i in torch.randint(len(pictures), (count,), generator=generator).tolist()]
    windows = [random_windows(p.shape[1], p.shape[2], generator) for p in chosen]
    plain = torch.cat([cut(p, w[k], size) for k in (0, 1) for p, w in zip(chosen, windows, strict=True)])
    return Crops(plain, graded(plain, generator), windows)


def places_in_second(windows: tuple[Window, Window], places: Tensor) -> Tensor:
    """Where places (N, 2; row and column, 0–1) of the first window lie in the second, in its own 0–1 and beyond."""
    first, second = windows
    offset = torch.tensor([first.top - second.top, first.left - second.left], device=places.device)
    found = (_unflipped(places, first) * first.side + offset) / second.side
    return _unflipped(found, second)


def _unflipped(places: Tensor, window: Window) -> Tensor:
    return torch.stack([places[:, 0], 1 - places[:, 1]], dim=1) if window.flipped else places
