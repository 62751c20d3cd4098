"""Where the progress of a command is shown: a bar, lines or nothing."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from photostyle.transfer.report import Display

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Silence:
    """Shows nothing."""

    def show(self, what: str, fraction: float | None) -> None:
        """See `Display`."""


class Lines:
    """One line on stderr for each new thing, for logs and pipes."""

    def __init__(self) -> None:
        self._last = ""

    def show(self, what: str, fraction: float | None) -> None:
        """See `Display`."""
        if what != self._last:
            self._last = what
            print(f"{what} …", file=sys.stderr, flush=True)


class Bar:
    """A progress bar on stderr, for a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID = progress.add_task("", total=None)

    def show(self, what: str, fraction: float | None) -> None:
        """See `Display`."""
        if fraction is None:  # the bar stays where it is: pulsing before the computation, full after it
            self._progress.update(self._task, description=what)
        else:
            self._progress.update(self._task, description=what, total=1.0, completed=fraction)


@contextlib.contextmanager
def display(quiet: bool, hours: bool = False) -> Iterator[Display]:
    """The display that suits where stderr goes; work of hours is shown with the time that it will still take."""
    if quiet:
        yield Silence()
    elif not sys.stderr.isatty():
        yield Lines()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        remaining = (TextColumn("left:"), TimeRemainingColumn()) if hours else ()
        columns = (TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn(), *remaining)
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield Bar(progress)
