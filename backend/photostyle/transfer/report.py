"""How long each part of a transfer took, and what is to be told of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from photostyle_protocol.outcome import LossCurve, Notice


class Display(Protocol):
    """Shows where the work is."""

    def show(self, what: str, fraction: float | None) -> None:
        """Say what is being done now, and how much of it is done (``None``: unknown)."""


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
