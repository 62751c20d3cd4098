"""From one picture in which each region has its look to a picture for each look."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.ops.affine_fit import fit_affine
from photostyle.ops.color_map import apply_color


def looks(content: Tensor, picture: Tensor, regions: Sequence[Region]) -> Tensor:
    """Each region's look on the whole content.

    Where a region is the strongest, its look is the picture; elsewhere it goes over to the affine colour map that
    comes nearest to what was done in the region.

    Args:
        content: (1, 3, H, W).
        picture: (1, 3, H, W), optimised for all regions at once.
        regions: K of them.

    Returns:
        (K, 3, H, W); blended by the regions it is the picture, but for the softest borders.
    """
    if len(regions) == 1:
        return picture
    strongest = torch.stack([r.blend for r in regions]).amax(0).clamp_min(1e-6)
    return torch.cat([_look(content, picture, region.blend, region.blend / strongest) for region in regions])


def _look(content: Tensor, picture: Tensor, blend: Tensor, own: Tensor) -> Tensor:
    return torch.lerp(apply_color(content, fit_affine(content, picture, blend)), picture, own)
