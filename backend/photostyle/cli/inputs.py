"""From what was asked to pixels in memory; everything is checked before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photostyle.cli.asked import Asked
    from photostyle.imaging.picture import Picture
    from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask


@dataclass(frozen=True)
class Inputs:
    """The content with what its file said, and the task with all pixels."""

    content: Picture
    task: StylizeTask


def read_inputs(asked: Asked) -> Inputs:
    """Read and check all files, and check that the result can be written.

    Raises:
        BadInputError: A file cannot be used.
        OutputError: The result could not be written.
    """
    from photostyle.imaging.masks import read_mask
    from photostyle.imaging.profiles import into_space_of
    from photostyle.imaging.reading import read_picture
    from photostyle.imaging.writing import check_output
    from photostyle.stylize.task import StylizeTask

    content = read_picture(asked.content)
    check_output(asked.output, content.pixels, asked.inputs)
    style = into_space_of(read_picture(asked.style), content)
    regions = _regions(asked, content.pixels, style.pixels)
    mask = read_mask(asked.mask, content.pixels) if asked.mask else None
    return Inputs(content, StylizeTask(content.pixels, regions, mask, asked.settings))


def _regions(asked: Asked, content: Pixels, style: Pixels) -> tuple[RegionPixels, ...]:
    from photostyle.imaging.regions import read_regions
    from photostyle.stylize.task import RegionPixels

    if asked.regions is None:
        return (RegionPixels(style),)
    pairs = read_regions(*asked.regions, content, style)
    return tuple(RegionPixels(style, content_mask, style_mask) for content_mask, style_mask in pairs)
