"""Training crops from a folder of photographs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from photostyle.ops.grade import apply_grade, random_grade
from photostyle_protocol.errors import BadImageError

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"})
_LONG_SIDE = 768
"""Photographs are kept in memory at this size: crops are small, and a training set must fit."""


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES)


def _load(path: Path) -> Tensor:
    with Image.open(path) as image:
        image.draft("RGB", (_LONG_SIDE, _LONG_SIDE))
        rgb = image.convert("RGB")
    rgb.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(rgb)).permute(2, 0, 1)


class Photographs:
    """All photographs of a folder as uint8 in memory, and random crops of them.

    Args:
        folder: Searched with its subfolders.
        crop: Side of the square crops in pixels.
        device: Where the crops are made.

    Raises:
        BadImageError: The folder holds fewer than two photographs that are large enough.
    """

    def __init__(self, folder: Path, crop: int, device: torch.device) -> None:
        loaded = (_load(path).to(device) for path in _files(folder))
        self.pictures = [picture for picture in loaded if min(picture.shape[1:]) >= crop]
        self.crop = crop
        if len(self.pictures) < 2:
            raise BadImageError(
                f"{folder} holds fewer than two photographs of at least {crop} × {crop} pixels.",
                "Name a folder of JPEG, PNG, TIFF or WebP photographs.",
            )

    def draw(self, generator: torch.Generator) -> int:
        """The number of a photograph."""
        return int(torch.randint(len(self.pictures), (), generator=generator))

    def crop_of(self, number: int, generator: torch.Generator) -> Tensor:
        """A random crop (3, crop, crop) of one photograph, 0–1."""
        picture = self.pictures[number].float() / 255
        short = min(picture.shape[1:])
        draws = torch.rand(4, generator=generator).tolist()
        scale = (self.crop + draws[0] * (short - self.crop)) / short
        size = [max(self.crop, round(side * scale)) for side in picture.shape[1:]]
        picture = F.interpolate(picture[None], size=size, mode="bilinear", antialias=True, align_corners=False)[0]
        top, left = (int(d * (side - self.crop + 1)) for d, side in zip(draws[1:3], size, strict=True))
        picture = picture[:, top : top + self.crop, left : left + self.crop]
        return picture.flip(2) if draws[3] < 0.5 else picture

    def batches(self, size: int, generator: torch.Generator) -> Iterator[Tensor]:
        """Endless batches (size, 3, crop, crop) in 0–1."""
        while True:
            yield torch.stack([self.crop_of(self.draw(generator), generator) for _ in range(size)])


def jitter(x: Tensor, generator: torch.Generator) -> Tensor:
    """Another gamma, white balance and saturation for each picture of x (B, 3, H, W; 0–1)."""
    shape = (x.shape[0], 1, 1, 1)

    def draw(spread: float, channels: int = 1) -> Tensor:
        noise = torch.rand((shape[0], channels, 1, 1), generator=generator) * 2 - 1
        return torch.exp(noise * spread).to(x.device, non_blocking=x.is_cuda)

    graded = x.clamp_min(1e-4).pow(draw(0.4)) * draw(0.12, channels=3)
    grey = graded.mean(dim=1, keepdim=True)
    return (grey + (graded - grey) * draw(0.35)).clamp(0, 1)


def graded(x: Tensor, generator: torch.Generator) -> Tensor:
    """Another random grade for each picture of x (B, 3, H, W; 0–1), within the range."""
    return apply_grade(x, random_grade(len(x), generator)).clamp(0, 1)
