"""Over which parts of the picture style is compared: each region, or all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.methods.base import Region


class Part(NamedTuple):
    """Pixels whose feature statistics shall become those of a style.

    Attributes:
        weight: (1, 1, H, W), how much each content pixel counts.
        style: (1, 3, h, w).
        style_weight: (1, 1, h, w), how much each style pixel counts.
        share: Of the whole style loss; all shares sum to 1.
    """

    weight: Tensor
    style: Tensor
    style_weight: Tensor
    share: float


def regional(regions: Sequence[Region]) -> list[Part]:
    """A part for each region, sharing by area."""
    return [Part(r.weight, r.style, r.style_weight, s) for r, s in zip(regions, _shares(regions), strict=True)]


def whole(regions: Sequence[Region]) -> list[Part]:
    """The whole picture against each whole style.

    Where the regions have several styles, their shares draw the picture to a mean of the styles' statistics.
    """
    weight = torch.stack([region.weight for region in regions]).sum(0)
    parts: dict[int, Part] = {}
    for region, share in zip(regions, _shares(regions), strict=True):
        key = id(region.style)
        known = parts.get(key, Part(weight, region.style, torch.zeros_like(region.style_weight), 0.0))
        joined = torch.maximum(known.style_weight, region.style_weight)
        parts[key] = known._replace(style_weight=joined, share=known.share + share)
    return list(parts.values())


def _shares(regions: Sequence[Region]) -> list[float]:
    areas = [float(region.weight.sum()) for region in regions]
    return [area / sum(areas) if sum(areas) > 0 else 1 / len(areas) for area in areas]
