"""Seconds of each stage of a computation in this process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photostyle.cli.report import Report
    from photostyle_protocol.progress import Glimpse


class MeasuredStages:
    """A `Progress` that passes on to a report and measures the stages in it."""

    def __init__(self, report: Report) -> None:
        self._report = report
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
