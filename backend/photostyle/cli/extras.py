"""What a person may look at beside the result: a picture as it forms, and how the losses went."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from photostyle_protocol.errors import BadOptionError, OutputError

if TYPE_CHECKING:
    from photostyle.stylize.task import Pixels
    from photostyle.transfer.asked import Asked
    from photostyle.transfer.report import Report


@dataclass
class Extras:
    """The files that are wanted, as they are written.

    Attributes:
        watch: Rewritten with a small picture of what there is so far, whole at every moment.
        plot: Gets a plot of the losses at the end.
    """

    watch: Path | None = None
    plot: Path | None = None
    _formed: bool = False

    def check(self, asked: Asked) -> None:
        """Find out, before the work starts, whether they can be written.

        Raises:
            OutputError: One of them cannot.
            BadOptionError: matplotlib is wanted and not installed.
        """
        import importlib.util

        import numpy as np

        from photostyle.imaging.picture import Picture
        from photostyle.imaging.writing import check_output

        for path in (self.watch, self.plot):
            if path is not None:
                check_output(path, Picture(np.zeros((1, 1, 3), np.uint8)), [*asked.inputs, asked.output])
        if self.plot is not None and importlib.util.find_spec("matplotlib") is None:
            raise BadOptionError(
                "--plot takes matplotlib, which is not installed.",
                "Install it with: pip install 'photostyle[evaluate]'.",
            )

    def show(self, pixels: Pixels) -> None:
        """Put a picture of what there is so far into the file; a full disk is no reason to stop the work."""
        from photostyle.imaging.picture import Picture
        from photostyle.imaging.writing import write_picture

        if self.watch is not None:
            with contextlib.suppress(OutputError):
                write_picture(self.watch, Picture(pixels))
                self._formed = True

    def finish(self, asked: Asked, report: Report) -> None:
        """Write what is only known at the end.

        Raises:
            OutputError: The disk does not take it.
        """
        if self.plot is None or not report.losses:
            return
        from photostyle.evaluation.loss_picture import loss_picture
        from photostyle.imaging.picture import Picture
        from photostyle.imaging.writing import write_picture

        title = f"{asked.settings.method}: {asked.content.name}"
        write_picture(self.plot, Picture(loss_picture(report.losses, title)))

    def notes(self, method: str, report: Report) -> Iterator[str]:
        """What a person should know about the files."""
        if self.watch is not None and not self._formed:
            yield f"{self.watch} was not written: {method} has no picture to show on its way."
        if self.plot is not None and not report.losses:
            yield f"{self.plot} was not written: {method} lowers no loss in steps."
