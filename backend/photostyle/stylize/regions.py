"""From a request's masks to regions that a method can trust: complete, supported, with clean borders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.ops.matte import matte_grid, mattes
from photostyle.stylize.pixels import to_alpha, to_rgb, to_weight
from photostyle.stylize.proxy import STYLE_PIXELS, proxy_size, reduce_picture
from photostyle.stylize.task import RegionPixels

MIN_SHARE = 0.004
"""A region under this share of its picture has no statistics worth the name; the global ones serve it."""
_MASK_NOISE = 1e-3


class RegionSet(NamedTuple):
    """The regions of a job on the proxy, and what is needed to draw their borders at full size.

    Attributes:
        regions: As the methods take them.
        strengths: One for each region.
        matte_grid: Of the blends, or ``None`` when there is only one region.
    """

    regions: list[Region]
    strengths: list[float]
    matte_grid: Tensor | None

    def blends(self, strip: Tensor, first: int, height: int) -> Tensor:
        """How much each pixel of a full-size strip (1, 3, n, W) belongs to each region: (1, K, n, W), sums to 1."""
        count, width = strip.shape[-2:]
        if self.matte_grid is None:
            return torch.ones((1, 1, count, width), device=strip.device)
        return mattes(self.matte_grid, strip, first, height)


class _Style(NamedTuple):
    picture: Tensor
    alpha: Tensor
    mask: Tensor


def _style(region: RegionPixels, device: torch.device) -> _Style:
    size = proxy_size(region.style.shape[0], region.style.shape[1], STYLE_PIXELS)
    alpha = reduce_picture(region.style, size, to_alpha, device)
    mask = torch.ones_like(alpha)
    if region.style_mask is not None:
        mask = reduce_picture(region.style_mask, size, to_weight, device)
    return _Style(reduce_picture(region.style, size, to_rgb, device), alpha, mask)


def _share(weight: Tensor, of: Tensor) -> float:
    return float((weight * of).sum() / of.sum().clamp_min(1e-12))


def _content_mask(region: RegionPixels, like: Tensor) -> Tensor:
    if region.content_mask is None:
        return torch.ones_like(like)
    return reduce_picture(region.content_mask, (like.shape[2], like.shape[3]), to_weight, like.device)


def build_regions(asked: Sequence[RegionPixels], content: Tensor, weight: Tensor) -> RegionSet:
    """Make regions out of what was asked for.

    Masks that overlap share the pixels between them. What no mask covers, and a region with under `MIN_SHARE` of the
    content or of its style, gets the statistics of the whole content and of the whole first style.

    Args:
        asked: At least one region.
        content: The content's proxy (1, 3, H, W).
        weight: How much each pixel of it counts (1, 1, H, W).
    """
    styles = [_style(region, content.device) for region in asked]
    masks = torch.cat([_content_mask(region, weight) for region in asked], dim=1)
    masks = masks / masks.sum(1, keepdim=True).clamp_min(1.0)
    supported = [
        k
        for k, style in enumerate(styles)
        if _share(masks[:, k : k + 1], weight) >= MIN_SHARE and _share(style.mask, style.alpha) >= MIN_SHARE
    ]
    blends = [masks[:, k : k + 1] for k in supported]
    regions = [
        Region(b, b * weight, styles[k].picture, styles[k].alpha * styles[k].mask)
        for k, b in zip(supported, blends, strict=True)
    ]
    strengths = [asked[k].strength for k in supported]
    rest = (1 - masks[:, supported].sum(1, keepdim=True)).clamp(0, 1)
    if not regions or _share(rest, torch.ones_like(rest)) > _MASK_NOISE:
        regions.append(Region(rest, weight, styles[0].picture, styles[0].alpha))
        strengths.append(asked[0].strength if len(asked) == 1 else 1.0)
    return _matted(regions, strengths, content)


def _matted(regions: list[Region], strengths: list[float], content: Tensor) -> RegionSet:
    """Let the borders follow the content's edges; the statistics keep the masks as they were drawn."""
    if len(regions) == 1:
        whole = torch.ones_like(regions[0].blend)
        return RegionSet([regions[0]._replace(blend=whole)], strengths, None)
    grid = matte_grid(torch.cat([r.blend for r in regions], dim=1), content)
    blends = mattes(grid, content, 0, content.shape[2])
    refined = [r._replace(blend=blends[:, k : k + 1]) for k, r in enumerate(regions)]
    return RegionSet(refined, strengths, grid)
