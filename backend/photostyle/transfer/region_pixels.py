"""The regions that were asked for, with their pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from photostyle.imaging.picture import Picture
    from photostyle.stylize.task import Pixels, RegionPixels
    from photostyle.transfer.asked import Asked
    from photostyle.transfer.make import ReadStyle
    from photostyle_protocol.color_space import ColorSpace
    from photostyle_protocol.look_file import LookFile


class Style(NamedTuple):
    """A style photograph, or its statistics, and what its numbers mean; ``None`` is sRGB."""

    pixels: Pixels | LookFile
    space: ColorSpace | None = None


def read_region_pixels(asked: Asked, content: Picture, read_style: ReadStyle) -> tuple[RegionPixels, ...]:
    """Read styles, masks and maps; a style that several regions share is read once.

    Raises:
        BadInputError: A file cannot be used.
    """
    from photostyle.imaging.profiles import into_srgb
    from photostyle_protocol.look_file import is_look, read_look

    @cache
    def style_of(path: Path) -> Style:
        if is_look(path):
            return Style(read_look(path))
        picture = read_style(path)
        picture = into_srgb(picture) if picture.has_unknown_space else picture
        return Style(picture.pixels, picture.space)

    everywhere = style_of(asked.style) if asked.style else None
    if asked.regions:
        return _of_styles(asked, content.pixels, everywhere, style_of)
    # A trained style looks at no photograph, and a region has to name one.
    return _of_one_style(asked, content.pixels, everywhere or Style(content.pixels, content.space))


def _of_one_style(asked: Asked, content: Pixels, style: Style) -> tuple[RegionPixels, ...]:
    from photostyle.imaging.regions import read_regions
    from photostyle.stylize.task import RegionPixels

    if asked.content_map is None or asked.style_map is None:
        return (RegionPixels(style.pixels, space=style.space),)
    pairs = read_regions(asked.content_map, asked.style_map, content, _photograph(style))
    return tuple(
        RegionPixels(style.pixels, content_mask, style_mask, space=style.space) for content_mask, style_mask in pairs
    )


def _of_styles(
    asked: Asked, content: Pixels, everywhere: Style | None, style_of: Callable[[Path], Style]
) -> tuple[RegionPixels, ...]:
    """The regions, and what is in none of them: that has the look of `everywhere`, or is kept."""
    from photostyle.imaging.masks import read_mask, what_is_left
    from photostyle.stylize.task import RegionPixels

    regions = []
    for word, content_mask in zip(asked.regions, _content_masks(asked, content), strict=True):
        style = style_of(word.style)
        style_mask = read_mask(word.style_mask, _photograph(style)) if word.style_mask else None
        regions.append(RegionPixels(style.pixels, content_mask, style_mask, word.strength, style.space))
    left = what_is_left([mask for region in regions if (mask := region.content_mask) is not None])
    if left is None:
        return tuple(regions)
    if everywhere is None:
        return (*regions, RegionPixels(regions[0].style, left, strength=0.0, space=regions[0].space))
    return (*regions, RegionPixels(everywhere.pixels, left, space=everywhere.space))


def _photograph(style: Style) -> Pixels:
    """The style, of which a mask or a map shows a part."""
    from photostyle_protocol.look_file import LookFile, has_no_places

    if isinstance(style.pixels, LookFile):
        raise has_no_places(style.pixels)
    return style.pixels


def _content_masks(asked: Asked, content: Pixels) -> Sequence[Pixels]:
    from photostyle.imaging.masks import read_mask
    from photostyle.imaging.regions import read_painted

    places = [word.where for word in asked.regions]
    if asked.content_map:
        return read_painted(asked.content_map, content, places)
    return [read_mask(Path(place), content) for place in places]
