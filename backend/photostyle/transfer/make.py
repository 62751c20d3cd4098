"""One transfer as a whole: read, compute, write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from photostyle.transfer.inputs import read_inputs
from photostyle.transfer.report import Report

if TYPE_CHECKING:
    from photostyle.imaging.picture import Picture
    from photostyle.stylize.task import Pixels, StylizeTask
    from photostyle.transfer.asked import Asked

    Compute = Callable[[StylizeTask, Report], Pixels]
    ReadStyle = Callable[[Path], Picture]


def make(asked: Asked, compute: Compute, report: Report, read_style: ReadStyle | None = None) -> Pixels:
    """Do what was asked.

    Args:
        asked: Its settings are checked already.
        compute: How the task becomes pixels, see `compute`.
        report: Told about each part.
        read_style: Reads style photographs, for whoever keeps them from one transfer to the next.

    Returns:
        The result's pixels, which are also in its file.

    Raises:
        BadInputError: A file cannot be used.
        OutputError: The result cannot be written.
        PhotostyleError: What `compute` raises.
    """
    with report.part("read"):
        inputs = read_inputs(asked, read_style)
    pixels = compute(inputs.task, report)
    report.notices = (*inputs.notices, *report.notices)
    with report.part("write"):
        from photostyle.imaging.writing import write_picture

        write_picture(asked.output, inputs.content.with_pixels(pixels))
    return pixels
