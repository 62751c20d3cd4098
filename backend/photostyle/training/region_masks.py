"""Random soft two-region masks, so that a network meets regions while it learns."""

from __future__ import annotations

import torch
from torch import Tensor

RegionPairs = list[tuple[Tensor, Tensor]]
"""Weights (B, 1, S, S) on content and style, for each pair of regions that correspond."""


def random_regions(batch: int, size: int, generator: torch.Generator, device: torch.device) -> RegionPairs:
    """One region that is everything, or, as often, two on the content and two on the style."""
    if torch.rand((), generator=generator) < 0.5:
        whole = torch.ones((batch, 1, size, size), device=device)
        return [(whole, whole)]
    splits = (random_split(batch, size, generator) for _ in range(2))
    on_content, on_style = ([m.to(device, non_blocking=device.type == "cuda") for m in split] for split in splits)
    return list(zip(on_content, on_style, strict=True))


def random_split(batch: int, size: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Split each square into two regions along a random line with a soft border.

    Returns:
        Two masks (batch, 1, size, size) that sum to 1; each covers at least a few per cent.
    """
    angle = torch.rand((batch, 1, 1, 1), generator=generator) * (2 * torch.pi)
    offset = torch.rand((batch, 1, 1, 1), generator=generator) * 0.8 - 0.4
    width = 0.01 + 0.1 * torch.rand((batch, 1, 1, 1), generator=generator)
    axis = torch.linspace(-1, 1, size)
    distance = torch.cos(angle) * axis + torch.sin(angle) * axis[:, None] - offset
    first = torch.sigmoid(distance / width)
    return first, 1 - first
