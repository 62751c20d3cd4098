"""Graded pairs: style transfer with a known right answer.

Two crops of one photograph overlap. One random grade is put on both: the content is crop A, the style is the graded
crop B, and the truth is the graded crop A. What a method gets wrong is what it took for the grade and was not: other
things in view, in other proportions.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from photostyle.ops.delta_e import delta_e_2000
from photostyle.ops.grade import Grade, apply_grade, random_grade
from photostyle.ops.lab import rgb_to_lab
from photostyle.stylize.task import Pixels

_AREA = 0.6
_SHARED = (0.45, 0.75)
"""The crops' area, as a share of the photograph's, and how much of it both crops show."""
_DIFFERENCE = (6.0, 22.0)
"""Mean ΔE2000 between a picture and its grade: less is nothing to see, more is no photograph."""
_CLIPPED = 0.02
"""At most this share of the pixels may leave 0–1 by the grade."""


class GradedPair(NamedTuple):
    """Content, style and the right answer, each (h, w, 3) uint8."""

    name: str
    content: Pixels
    style: Pixels
    truth: Pixels


def graded_pairs(photographs: Iterable[tuple[str, Pixels]], seed: int = 0) -> Iterator[GradedPair]:
    """One pair of each photograph, the same for the same names and seed, whatever else is in the folder.

    Args:
        photographs: Names and pixels (H, W, 3) uint8.
        seed: Of the crops and of the grades.
    """
    for name, pixels in photographs:
        generator = torch.Generator().manual_seed(_seed_of(name, seed))
        first, second = _crops(pixels.shape[0], pixels.shape[1], generator)
        yield _pair(name, pixels[first], pixels[second], generator)


def _seed_of(name: str, seed: int) -> int:
    return zlib.crc32(f"{seed} {name}".encode())


def _crops(height: int, width: int, generator: torch.Generator) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Two windows of one size that share an allowed part of their area."""
    size = round(height * _AREA**0.5), round(width * _AREA**0.5)
    while True:
        tops, lefts = (
            [int(draw * (side - part + 1)) for draw in torch.rand(2, generator=generator).tolist()]
            for side, part in zip((height, width), size, strict=True)
        )
        shared = (1 - abs(tops[0] - tops[1]) / size[0]) * (1 - abs(lefts[0] - lefts[1]) / size[1])
        if _SHARED[0] <= shared <= _SHARED[1]:
            first, second = ((slice(t, t + size[0]), slice(x, x + size[1])) for t, x in zip(tops, lefts, strict=True))
            return first, second


def _pair(name: str, content: Pixels, style: Pixels, generator: torch.Generator) -> GradedPair:
    a, b = _tensor(content), _tensor(style)
    while True:
        grade = random_grade(1, generator)
        graded = apply_grade(a, grade)
        if _plausible(a, graded) and _plausible(b, apply_grade(b, grade)):
            return GradedPair(name, content, _graded_pixels(b, grade), _graded_pixels(a, grade))


def _plausible(before: Tensor, after: Tensor) -> bool:
    clipped = ((after < 0) | (after > 1)).any(1) & ((before > 0) & (before < 1)).all(1)
    if float(clipped.float().mean()) > _CLIPPED:
        return False
    difference = delta_e_2000(rgb_to_lab(before), rgb_to_lab(after.clamp(0, 1)))
    return _DIFFERENCE[0] <= float(difference.mean()) <= _DIFFERENCE[1]


def _tensor(pixels: Pixels) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None].float() / 255


def _graded_pixels(x: Tensor, grade: Grade) -> Pixels:
    return apply_grade(x, grade).clamp(0, 1).mul(255).round().byte()[0].permute(1, 2, 0).numpy()
