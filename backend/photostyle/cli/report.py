"""What a person sees while a picture is made, and how long each part took."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from photostyle_protocol.outcome import LossCurve, Notice


class Display(Protocol):
    """Shows where the work is."""

    def show(self, what: str, fraction: float | None) -> None:
        """Say what is being done now, and how much of it is done (``None``: unknown)."""


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


@dataclass
class Report:
    """Measures the parts of one command and shows them as they come.

    Attributes:
        display: Where they are shown.
        seconds: How long each part took, in order.
        stages: How long each stage of the computation took; filled in, like the rest, by who computes.
        losses: How the losses of a method that works in steps went.
        notices: What a person should know about the result.
    """

    display: Display
    seconds: dict[str, float] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=dict)
    losses: tuple[LossCurve, ...] = ()
    notices: tuple[Notice, ...] = ()

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Show and measure one part."""
        self.display.show(name, None)
        since = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - since

    def progress(self, fraction: float, stage: str) -> None:
        """Show how far the computation is; a `Progress`."""
        self.display.show(stage, fraction)

    def lines(self) -> list[str]:
        """A line for each part, and indented ones for the stages of the computation."""
        total = sum(self.seconds.values())
        rows = []
        for name, seconds in [*self.seconds.items(), ("in all", total)]:
            rows.append((f"  {name}", seconds))
            if name == COMPUTE:
                rows += [(f"    {stage}", taken) for stage, taken in self.stages.items()]
        width = max(len(name) for name, _ in rows) + 2
        return [f"{name:<{width}}{seconds:8.2f} s" for name, seconds in rows]


COMPUTE = "compute"
"""The part that has stages."""
