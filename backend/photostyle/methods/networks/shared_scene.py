"""Two photographs of one scene: the grade is read off the places that both show.

Plain statistics take the mix of a picture for its grade: a style with more sky turns a road blue. Where content and
style share a scene (one shoot, one view, two crops of a picture) there is no need to guess: places that match tell
what each colour became.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.correspondence import STRIDE, CorrespondenceNet
from photostyle.ops.color_map import ColorAffine
from photostyle.ops.robust_affine import robust_affine
from photostyle.ops.small_algebra import OnTheWay

LONG_SIDE = 256
"""Pixels; about the scale at which the network was trained."""
_TEMPERATURE = 0.07
_FEWEST_CELLS = 100
_BELONGS = 0.5
_NEAR = 1.5
"""Cells by which the matches of two neighbours may part from being neighbours."""
_STRANGERS, _SAME = 0.37, 0.46
"""Share of places whose match is mutual and lies beside its neighbours' matches: other scenes, the same scene."""
_CHANCE = 0.2, 4.5
"""Of N places strangers share up to a + b / √N; measured on pictures and regions of 50 to 700 places."""


class Places(NamedTuple):
    """What a picture shows, cell by cell.

    Attributes:
        vectors: Unit vectors (C, h, w).
        colors: Mean colour of each cell (3, h, w).
    """

    vectors: Tensor
    colors: Tensor


class SharedScene(NamedTuple):
    """A grade read off a shared scene, and how sure it is that there is one, 0–1."""

    color: ColorAffine
    trust: float


def places(network: CorrespondenceNet, picture: Tensor) -> Places | None:
    """Describe a picture (1, 3, H, W; 0–1), or nothing where it is too small to show anything."""
    scale = min(1.0, LONG_SIDE / max(picture.shape[-2:]))
    size = [round(side * scale) for side in picture.shape[-2:]]
    if min(size) < 2 * STRIDE:
        return None
    small = F.interpolate(picture.clamp(0, 1), size=size, mode="bilinear", antialias=True, align_corners=False)
    vectors = network.places(small)[0]
    return Places(vectors, F.adaptive_avg_pool2d(small, (vectors.shape[1], vectors.shape[2]))[0])


class RegionPlaces(NamedTuple):
    """What a region of the content and its style show.

    Attributes:
        content: The content's places.
        style: The style's.
        content_weight: How much each pixel counts, (1, 1, H, W).
        style_weight: The same of the style.
    """

    content: Places
    style: Places
    content_weight: Tensor
    style_weight: Tensor


class _Matches(NamedTuple):
    """Pairs of places that may be the same one.

    Attributes:
        x: Colours in the content, (N, 3).
        y: In the style, (N, 3).
        belief: How much each pair is believed, (N,).
        agreed: 1 for those which their surroundings speak for, else 0, (N,).
    """

    x: Tensor
    y: Tensor
    belief: Tensor
    agreed: Tensor


class SharedScenes:
    """The places of regions matched with those of their styles; a GPU is waited for once, however many there are.

    Args:
        regions: A region without places, such as one whose style is a look, shares no scene.
    """

    def __init__(self, regions: Sequence[RegionPlaces | None]) -> None:
        known = [region for region in regions if region is not None]
        cells = [_cells(*side) for r in known for side in ((r.content_weight, r.content), (r.style_weight, r.style))]
        chosen = iter(OnTheWay(cells).arrived() if cells else [])
        self._found = [None if r is None else _found(r, next(chosen), next(chosen)) for r in regions]

    def read(self, region: int, first: ColorAffine) -> SharedScene:
        """The grade that can be read off in a region.

        Args:
            region: Its number.
            first: The guess from plain statistics, on the CPU.
        """
        found = self._found[region]
        if found is None:
            return SharedScene(first, 0.0)
        return _read(_Matches(*found.matches.arrived()), found.places, first)


class _Found(NamedTuple):
    """The `_Matches` of a region, and how many places there are on the side that has fewer."""

    matches: OnTheWay
    places: int


def _found(region: RegionPlaces, on_content: Tensor, on_style: Tensor) -> _Found | None:
    """The matches between the cells that belong, two masks on the CPU, where there are enough of them."""
    of, there = (torch.nonzero(cells)[:, 0] for cells in (on_content, on_style))
    fewer = min(len(of), len(there))
    return _Found(OnTheWay(_matches(region, of, there)), fewer) if fewer >= _FEWEST_CELLS else None


def _matches(region: RegionPlaces, places_of: Tensor, places_there: Tensor) -> _Matches:
    """Match the cells of those numbers, (N,) and (M,) on the CPU."""
    content, style = region.content, region.style
    device = content.vectors.device
    of, there = (numbers.to(device, non_blocking=content.vectors.is_cuda) for numbers in (places_of, places_there))
    alike = content.vectors.flatten(1)[:, of].T @ style.vectors.flatten(1)[:, there]
    belief, found = (torch.softmax(alike / _TEMPERATURE, 1) * torch.softmax(alike / _TEMPERATURE, 0)).max(1)
    match = there[found]
    agreed = (_mutual(alike, of, content) & _neighbourly(match, of, content, style)).float()
    x, y = content.colors.flatten(1)[:, of].T, style.colors.flatten(1)[:, match].T
    return _Matches(x, y, belief * agreed, agreed)


def _read(matches: _Matches, places: int, first: ColorAffine) -> SharedScene:
    least, more = _CHANCE
    strangers = max(_STRANGERS, least + more / math.sqrt(places))
    share = float(matches.agreed.mean())
    if share <= strangers:
        return SharedScene(first, 0.0)
    trust = min(1.0, (share - strangers) / (_SAME - _STRANGERS))
    return SharedScene(robust_affine(matches.x, matches.y, matches.belief, first), trust)


def _cells(weight: Tensor, of: Places) -> Tensor:
    """(h·w,): which cells belong."""
    pooled = F.adaptive_avg_pool2d(weight, (of.colors.shape[1], of.colors.shape[2]))[0, 0].flatten()
    return pooled > _BELONGS * pooled.amax()


def _position(cells: Tensor, width: int) -> Tensor:
    """Row and column (2, …) of flat numbers."""
    return torch.stack([cells // width, cells % width]).float()


def _mutual(alike: Tensor, places_of: Tensor, content: Places) -> Tensor:
    """Which places are found again, or a neighbour of theirs is, by what they found."""
    # A matrix is searched so much faster along its rows that turning it pays.
    back = places_of[alike.T.contiguous().argmax(1)[alike.argmax(1)]]
    width = content.colors.shape[-1]
    return (_position(back, width) - _position(places_of, width)).abs().amax(0) <= 1


def _neighbourly(match: Tensor, places_of: Tensor, content: Places, style: Places) -> Tensor:
    """Which places have half of their neighbours' matches beside their own match, as in the content or mirrored."""
    height, width = content.colors.shape[-2:]
    where = torch.full((2, height * width), math.nan, device=match.device)
    where[:, places_of] = _position(match, style.colors.shape[-1])
    patches = F.unfold(where.view(1, 2, height, width).nan_to_num(math.inf), 3, padding=1)
    around = patches.view(2, 9, -1)[:, :, places_of]
    around = torch.where(_in_picture(height, width, match.device)[:, places_of], around, math.inf)
    step = _position(torch.arange(9, device=match.device), 3) - 1
    offset = around - where[:, None, places_of]
    counted = torch.isfinite(offset[0]).sum(0) - 1
    shares = []
    for mirrored in (1.0, -1.0):
        wanted = torch.stack([step[0], mirrored * step[1]])
        beside = (offset - wanted[:, :, None]).square().sum(0).sqrt() <= _NEAR
        shares.append((beside.sum(0) - 1) / counted.clamp_min(1))
    return torch.maximum(*shares) >= 0.5


def _in_picture(height: int, width: int, device: torch.device) -> Tensor:
    """(9, h·w): which of the nine cells around each exist."""
    return F.unfold(torch.ones((1, 1, height, width), device=device), 3, padding=1)[0] > 0
