"""Seconds of each stage of a computation in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from photostyle.stylize.onlooker import Onlooker

if TYPE_CHECKING:
    from photostyle.cli.report import Report
    from photostyle.stylize.task import Pixels
    from photostyle_protocol.outcome import LossCurve
    from photostyle_protocol.progress import Glimpse


class MeasuredStages:
    """A `Progress` that passes on to a report and measures the stages in it.

    Args:
        report: Where to.
        show: Gets small pictures of what there is so far; ``None`` if nobody looks.
    """

    def __init__(self, report: Report, show: Callable[[Pixels], None] | None) -> None:
        self._report = report
        self._show = show
        self._onlooker = Onlooker(show is not None)
        self._stage = ""
        self._since = time.perf_counter()

    @property
    def losses(self) -> tuple[LossCurve, ...]:
        """How the losses of a method that works in steps went so far."""
        return self._onlooker.record.curves()

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
