"""From what was asked to pixels in memory; everything is checked before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photostyle.imaging.picture import Picture
    from photostyle.stylize.task import StylizeTask
    from photostyle.transfer.asked import Asked
    from photostyle.transfer.make import ReadStyle
    from photostyle_protocol.outcome import Notice


@dataclass(frozen=True)
class Inputs:
    """The content with what its file said, and the task with all pixels."""

    content: Picture
    task: StylizeTask

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a person should know about the files."""
        from photostyle_protocol.outcome import Notice

        if not self.content.has_unknown_space:
            return ()
        return (
            Notice(
                "own_numbers",
                "The picture's colour profile has only tables, which Photostyle cannot go back through: its numbers "
                "are taken as if they were sRGB, and the result keeps the profile.",
            ),
        )


def read_inputs(asked: Asked, read_style: ReadStyle | None = None) -> Inputs:
    """Read and check all files, and check that the result can be written.

    Args:
        asked: What to read.
        read_style: Reads style photographs; plainly, unless given.

    Raises:
        BadInputError: A file cannot be used.
        OutputError: The result could not be written.
    """
    from photostyle.imaging.reading import read_picture
    from photostyle.imaging.writing import check_output

    content = read_picture(asked.content)
    check_output(asked.output, content, asked.inputs)
    return Inputs(content, read_task(asked, content, read_style))


def read_task(asked: Asked, content: Picture, read_style: ReadStyle | None = None) -> StylizeTask:
    """Read and check everything but the content, which is read already; see `read_inputs`.

    Raises:
        BadInputError: A file cannot be used.
    """
    from photostyle.imaging.masks import read_mask
    from photostyle.imaging.reading import read_picture
    from photostyle.stylize.task import StylizeTask
    from photostyle.transfer.region_pixels import read_region_pixels

    regions = read_region_pixels(asked, content, read_style or read_picture)
    mask = read_mask(asked.mask, content.pixels) if asked.mask else None
    return StylizeTask(content.pixels, regions, mask, asked.settings, space=content.space)
