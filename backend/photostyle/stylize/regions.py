"""From a request's masks to regions that a method can trust: complete, supported, with clean borders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.ops.matte import Mattes, fit_mattes, mattes_of
from photostyle.stylize.auto_regions import auto_regions
from photostyle.stylize.pixels import to_weight
from photostyle.stylize.proxy import reduce_picture
from photostyle.stylize.styles import Style
from photostyle.stylize.task import Pixels, RegionPixels

MIN_SHARE = 0.004
"""A region under this share of its picture has no statistics worth the name; the global ones serve it."""
_MASK_NOISE = 1e-3


class RegionSet(NamedTuple):
    """The regions of a job on the proxy, and what is needed to draw their borders at full size.

    Attributes:
        regions: As the methods take them.
        strengths: One for each region.
        mattes: Of the blends, or ``None`` when there is only one region.
    """

    regions: list[Region]
    strengths: list[float]
    mattes: Mattes | None

    def blends(self, strip: Tensor, first: int, height: int) -> Tensor:
        """How much each pixel of a full-size strip (1, 3, n, W) belongs to each region: (1, K, n, W), sums to 1."""
        count, width = strip.shape[-2:]
        if self.mattes is None:
            return torch.ones((1, 1, count, width), device=strip.device)
        return mattes_of(self.mattes, strip, first, height)

    def whole(self) -> RegionSet:
        """One region for all of them, of which one look does: they have to have one strength."""
        blend = torch.ones_like(self.regions[0].blend)
        return RegionSet([self.regions[0]._replace(blend=blend)], self.strengths[:1], None)

    def merged(self, looks: Tensor) -> tuple[RegionSet, Tensor]:
        """Regions that end softly within areas, and their looks (K, 3, H, W), as one: one finish does for all of them.

        They have to have one strength. A look that changes from place to place is what a finish is for.
        """
        blends = torch.cat([region.blend for region in self.regions])
        return self.whole(), (blends * looks).sum(0, keepdim=True)


class _Part(NamedTuple):
    """A region in the making: `own` is whether it is known to have statistics for itself."""

    blend: Tensor
    style: Style
    style_mask: Tensor
    strength: float
    own: bool = False


def _shares(of: Sequence[tuple[Tensor, Tensor]]) -> list[float]:
    """How much of each second weight is in the first; asked for together, so that a GPU is waited for once."""
    found: list[float] = torch.stack([(part * of).sum() / of.sum().clamp_min(1e-12) for part, of in of]).tolist()
    return found


def _mask(mask: Pixels | None, like: Tensor) -> Tensor:
    if mask is None:
        return torch.ones_like(like)
    return reduce_picture(mask, (like.shape[2], like.shape[3]), to_weight, like.device)


def build_regions(asked: Sequence[RegionPixels], styles: Sequence[Style], content: Tensor, weight: Tensor) -> RegionSet:
    """Make regions out of what was asked for.

    Masks that overlap share the pixels between them. A region with under `MIN_SHARE` of the content or of its style
    keeps its place and its strength, and gets the statistics of the whole content and of its whole style; what no
    mask covers gets those of the whole first style.

    Args:
        asked: At least one region.
        styles: The style of each.
        content: The content's proxy (1, 3, H, W).
        weight: How much each pixel of it counts (1, 1, H, W).
    """
    masks = torch.cat([_mask(region.content_mask, weight) for region in asked], dim=1)
    masks = masks / masks.sum(1, keepdim=True).clamp_min(1.0)
    drawn = [
        _Part(mask, style, _mask(region.style_mask, style.weight), region.strength)
        for region, style, mask in zip(asked, styles, masks.split(1, dim=1), strict=True)
    ]
    rest = (1 - masks.sum(1, keepdim=True)).clamp(0, 1)
    *shares, uncovered = _shares([*_to_be_asked(drawn, weight), (rest, torch.ones_like(rest))])
    parts = _supported(drawn, shares)
    if uncovered > _MASK_NOISE:
        strength = asked[0].strength if len(asked) == 1 else 1.0
        parts.append(_Part(rest, styles[0], torch.ones_like(styles[0].weight), strength))
    return _region_set(parts, content, weight)


def match_regions(asked: RegionPixels, style: Style, content: Tensor, weight: Tensor) -> RegionSet:
    """Make regions out of what content and style have in common; see `build_regions` for the rest."""
    counts = style.weight * _mask(asked.style_mask, style.weight)
    counts = torch.where(counts.any(), counts, style.weight)
    pairs = auto_regions(content, weight, style.picture, counts)
    chosen = style._replace(weight=counts)
    drawn = [_Part(on_content, chosen, on_style, asked.strength) for on_content, on_style in pairs]
    return _region_set(_supported(drawn, _shares(_to_be_asked(drawn, weight))), content, weight)


def _region_set(parts: Sequence[_Part], content: Tensor, weight: Tensor) -> RegionSet:
    own = [part for part in parts if part.own]
    masked = [p.style._replace(weight=p.style.weight * p.style_mask) for p in own]
    regions = [Region(p.blend, p.blend * weight, *style) for p, style in zip(own, masked, strict=True)]
    without = _joined([part for part in parts if not part.own and bool(part.blend.any())])
    regions += [Region(p.blend, weight, *p.style) for p in without]
    return _matted(regions, [part.strength for part in (*own, *without)], content)


def _to_be_asked(parts: Sequence[_Part], weight: Tensor) -> list[tuple[Tensor, Tensor]]:
    """What `_shares` is to tell of each part: on the content, and on its style."""
    return [pair for part in parts for pair in ((part.blend, weight), (part.style_mask, part.style.weight))]


def _supported(parts: Sequence[_Part], shares: Sequence[float]) -> list[_Part]:
    """Which parts are large enough to have statistics for themselves."""
    both = zip(shares[::2], shares[1::2], strict=True)
    return [part._replace(own=min(pair) >= MIN_SHARE) for part, pair in zip(parts, both, strict=True)]


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """Those with one style and one strength as one: they have the same look."""
    joined: dict[tuple[int, float], _Part] = {}
    for part in parts:
        key = (id(part.style), part.strength)
        joined[key] = part._replace(blend=joined[key].blend + part.blend) if key in joined else part
    return list(joined.values())


def _matted(regions: list[Region], strengths: list[float], content: Tensor) -> RegionSet:
    """Let the borders follow the content's edges; the statistics keep the masks as they were drawn."""
    if len(regions) == 1:
        whole = torch.ones_like(regions[0].blend)
        return RegionSet([regions[0]._replace(blend=whole)], strengths, None)
    mattes = fit_mattes(torch.cat([r.blend for r in regions], dim=1), content)
    blends = mattes_of(mattes, content, 0, content.shape[2])
    refined = [r._replace(blend=blends[:, k : k + 1]) for k, r in enumerate(regions)]
    return RegionSet(refined, strengths, mattes)
