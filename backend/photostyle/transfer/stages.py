"""Seconds of each stage of a computation in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photostyle.stylize.onlooker import Onlooker
    from photostyle.stylize.task import Pixels
    from photostyle.transfer.report import Report
    from photostyle_protocol.progress import Glimpse


class MeasuredStages:
    """A `Progress` that passes on to a report and measures the stages in it.

    Args:
        report: Where to.
        onlooker: Sees what the method shows.
        show: Gets the pictures that it takes.
    """

    def __init__(self, report: Report, onlooker: Onlooker, show: Callable[[Pixels], None] | None) -> None:
        self._report = report
        self._onlooker = onlooker
        self._show = show
        self._stage = ""
        self._since = time.perf_counter()

    def __call__(self, fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        """See `Progress`."""
        now = time.perf_counter()
        if self._stage:
            stages = self._report.stages
            stages[self._stage] = stages.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
        self._report.progress(fraction, stage)
        picture = None if glimpse is None else self._onlooker.see(glimpse)
        if picture is not None and self._show is not None:
            self._show(picture)
