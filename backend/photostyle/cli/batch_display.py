"""What a batch shows while it runs: a bar with rate and time left, lines, JSON or nothing."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, Task, TaskID
    from rich.text import Text

    from photostyle.batch.record import Record
    from photostyle.batch.run import Audience, Tally


class Nobody:
    """Shows nothing."""

    def show(self, record: Record, tally: Tally) -> None:
        """See `Audience`."""


class JsonLines:
    """A line of JSON on stdout for each job, as in the manifest."""

    def show(self, record: Record, tally: Tally) -> None:
        """See `Audience`."""
        print(record.line(), flush=True)


class TextLines:
    """A line on stderr for each job, for logs and pipes."""

    def show(self, record: Record, tally: Tally) -> None:
        """See `Audience`."""
        print(f"{tally.ended}/{tally.total} {described(record)}", file=sys.stderr, flush=True)


class Bar:
    """A bar on stderr, for a terminal; what fails or is noted is said above it."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def show(self, record: Record, tally: Tally) -> None:
        """See `Audience`."""
        if record.error or record.notices:
            self._progress.console.print(described(record), markup=False, highlight=False)
        self._progress.update(self._task, completed=tally.ended, total=tally.total, description=record.job)


def described(record: Record) -> str:
    """A record in one line."""
    told = record.error or "; ".join(record.notices) or f"{record.seconds:.1f} s"
    return f"{record.job}: {record.status}" if record.status == "skipped" else f"{record.job}: {record.status}, {told}"


@contextlib.contextmanager
def audience(total: int, quiet: bool, as_json: bool) -> Iterator[Audience]:
    """The display that was asked for, or suits where stderr goes."""
    if as_json or quiet:
        yield JsonLines() if as_json else Nobody()
    elif not sys.stderr.isatty():
        yield TextLines()
    else:
        with _bar() as progress:
            yield Bar(progress, progress.add_task("reading", total=total))


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """Pictures in a minute."""

        def render(self, task: Task) -> Text:
            return Text(f"{60 * task.speed:.0f}/min" if task.speed else "")

    columns = (
        MofNCompleteColumn(),
        BarColumn(),
        Rate(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    # The rate of the last minutes: a series may begin with small pictures.
    return Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=120)
