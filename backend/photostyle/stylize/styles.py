"""A style as the engine sees it: a photograph reduced to a proxy, or a look."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from photostyle.methods.networks.look_statistics import LookStatistics
from photostyle.ops.moments import tamed
from photostyle.stylize.looks import look_statistics, look_tensor
from photostyle.stylize.names import pixels_name
from photostyle.stylize.pixels import rgb_reader, to_alpha
from photostyle.stylize.proxy import proxy_size, reduce_picture
from photostyle.stylize.task import Pixels, RegionPixels
from photostyle_protocol.color_space import ColorSpace
from photostyle_protocol.look_file import LookFile

if TYPE_CHECKING:
    from photostyle.stylize.engine import Engine


class Style(NamedTuple):
    """One style.

    Attributes:
        picture: (1, 3, h, w), encoded RGB; of a look its palette, (1, 3, 1, N).
        weight: How much each pixel counts, (1, 1, h, w).
        look: What else a look knows; ``None`` for a photograph.
        name: A photograph that has the same is the same; empty if it has none.
    """

    picture: Tensor
    weight: Tensor
    look: LookStatistics | None = None
    name: bytes = b""


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


def styles_of(asked: Sequence[RegionPixels], engine: Engine, pixels: int) -> list[Style]:
    """The style of each region; one that many regions or jobs share is reduced once."""
    made: dict[tuple[int, ColorSpace | None], Style] = {}
    for region in asked:
        key = (id(region.style), region.space)
        if key not in made:
            made[key] = _style(region, engine, pixels)
    return [made[id(region.style), region.space] for region in asked]


def _style(region: RegionPixels, engine: Engine, pixels: int) -> Style:
    style = region.style
    if isinstance(style, LookFile):
        return look_style(style, engine.device)
    of_pixels = region.known_as.encode() or pixels_name(style)
    name = hashlib.sha256(of_pixels + f"{region.space} {pixels}".encode()).digest()
    return engine.styles.get(
        name, lambda: photograph_style(style, region.space, engine.device, pixels)._replace(name=name)
    )
