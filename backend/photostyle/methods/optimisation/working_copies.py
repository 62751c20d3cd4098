"""Regions that an optimiser can work with."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.optimisation.levels import Size, resized, shrunk
from photostyle.ops.moments import normalised


def copied(regions: Sequence[Region]) -> list[Region]:
    """Copies that can be differentiated through; a style that several regions share stays one.

    What counts in none of them is filled with the mean colour of what does: a network sees far beyond its pixel.
    """
    counting: dict[int, Tensor] = {}
    for region in regions:
        known = counting.get(id(region.style), region.style_weight)
        counting[id(region.style)] = torch.maximum(known, region.style_weight)
    styles = {id(r.style): _filled(r.style.clone().clamp(0, 1), counting[id(r.style)]) for r in regions}
    return [Region(r.blend.clone(), r.weight.clone(), styles[id(r.style)], r.style_weight.clone()) for r in regions]


def seen_content(content: Tensor, regions: Sequence[Region]) -> Tensor:
    """A copy of the content that can be differentiated through; what counts in no region is filled in the same way."""
    weight = torch.stack([region.weight for region in regions]).sum(0)
    return _filled(content.clone(), weight) if bool(weight.any()) else content.clone()


def _filled(style: Tensor, weight: Tensor) -> Tensor:
    mean = (style * normalised(weight)).sum((2, 3), keepdim=True)
    return torch.where(weight > 0, style, mean)


def at_size(regions: Sequence[Region], size: Size) -> list[Region]:
    """Regions at the size of a level; their styles get no larger than the content, so that textures compare."""
    styles = {id(r.style): shrunk(r.style, max(size)) for r in regions}
    return [
        Region(resized(r.blend, size), resized(r.weight, size), styles[id(r.style)], shrunk(r.style_weight, max(size)))
        for r in regions
    ]
