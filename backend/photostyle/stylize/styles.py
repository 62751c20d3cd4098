"""A style as the engine sees it: a photograph reduced to a proxy, or a look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.methods.networks.look_statistics import LookStatistics
from photostyle.ops.moments import tamed
from photostyle.stylize.looks import look_statistics, look_tensor
from photostyle.stylize.pixels import rgb_reader, to_alpha
from photostyle.stylize.proxy import proxy_size, reduce_picture
from photostyle.stylize.task import Pixels, RegionPixels
from photostyle_protocol.color_space import ColorSpace
from photostyle_protocol.look_file import LookFile


class Style(NamedTuple):
    """One style.

    Attributes:
        picture: (1, 3, h, w), encoded RGB; of a look its palette, (1, 3, 1, N).
        weight: How much each pixel counts, (1, 1, h, w).
        look: What else a look knows; ``None`` for a photograph.
    """

    picture: Tensor
    weight: Tensor
    look: LookStatistics | None = None


def photograph_style(style: Pixels, space: ColorSpace | None, device: torch.device, pixels: int) -> Style:
    """Reduce a photograph whose numbers mean `space` to about so many pixels."""
    size = proxy_size(style.shape[0], style.shape[1], pixels)
    picture = reduce_picture(style, size, rgb_reader(space), device)
    alpha = reduce_picture(style, size, to_alpha, device)
    # A style that is transparent everywhere still has colours: they are all there is to go by.
    return Style(picture, tamed(torch.where(alpha.any(), alpha, 1), picture))


def look_style(look: LookFile, device: torch.device) -> Style:
    """A look, whose palette stands for the photograph."""
    picture = look_tensor(look, "palette", device).mT[None, :, None].contiguous()
    return Style(picture, torch.ones_like(picture[:, :1]), look_statistics(look, device))


def styles_of(asked: Sequence[RegionPixels], device: torch.device, pixels: int) -> list[Style]:
    """The style of each region; one that many regions share is reduced once."""
    made: dict[tuple[int, ColorSpace | None], Style] = {}
    for region in asked:
        key = (id(region.style), region.space)
        if key not in made:
            made[key] = _style(region, device, pixels)
    return [made[id(region.style), region.space] for region in asked]


def _style(region: RegionPixels, device: torch.device, pixels: int) -> Style:
    if isinstance(region.style, LookFile):
        return look_style(region.style, device)
    return photograph_style(region.style, region.space, device, pixels)
