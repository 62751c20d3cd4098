"""Regions that an optimiser can work with."""

from __future__ import annotations

from collections.abc import Sequence

from photostyle.methods.base import Region
from photostyle.methods.optimisation.levels import Size, resized, shrunk


def copied(regions: Sequence[Region]) -> list[Region]:
    """Copies that can be differentiated through; a style that several regions share stays one."""
    styles = {id(r.style): r.style.clone().clamp(0, 1) for r in regions}
    return [Region(r.blend.clone(), r.weight.clone(), styles[id(r.style)], r.style_weight.clone()) for r in regions]


def at_size(regions: Sequence[Region], size: Size) -> list[Region]:
    """Regions at the size of a level; their styles get no larger than the content, so that textures compare."""
    styles = {id(r.style): shrunk(r.style, max(size)) for r in regions}
    return [
        Region(resized(r.blend, size), resized(r.weight, size), styles[id(r.style)], shrunk(r.style_weight, max(size)))
        for r in regions
    ]
