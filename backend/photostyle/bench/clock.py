"""Seconds of the clock and of the processor, stage by stage."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from photostyle_protocol.progress import Glimpse


class Used(NamedTuple):
    """What something took.

    Attributes:
        wall: Seconds of the clock.
        cpu: Seconds of the processor, over all threads.
    """

    wall: float
    cpu: float

    def counted(self, on_gpu: bool) -> float:
        """Which of the two says how much was done: on a GPU the processor only gives the orders."""
        return self.wall if on_gpu else self.cpu

    def plus(self, other: Used) -> Used:
        """Both together."""
        return Used(self.wall + other.wall, self.cpu + other.cpu)

    @classmethod
    def now(cls) -> Used:
        """Of this process so far; only differences mean anything."""
        return cls(time.perf_counter(), time.process_time())

    def since(self, begin: Used) -> Used:
        """From an earlier moment to this one."""
        return Used(self.wall - begin.wall, self.cpu - begin.cpu)


class StageClock:
    """A `Progress` that measures the stages which it is told of, and parts outside of them.

    Args:
        settle: Called before a stage ends: a GPU has to be done with it.
    """

    def __init__(self, settle: Callable[[], None] = lambda: None) -> None:
        self._settle = settle
        self.stages: dict[str, Used] = {}
        self._stage = ""
        self._begin = Used.now()

    def __call__(self, fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        """See `Progress`."""
        self._end_stage(stage)
        self._stage = stage

    def _end_stage(self, following: str = "") -> None:
        if self._stage and self._stage != following:
            self._settle()
        now = Used.now()
        if self._stage:
            self._add(self._stage, now.since(self._begin))
        self._stage, self._begin = "", now

    def _add(self, name: str, used: Used) -> None:
        self.stages[name] = self.stages.get(name, Used(0, 0)).plus(used)

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Measure what is no stage of the pipeline."""
        self._end_stage()
        begin = Used.now()
        yield
        self._end_stage()
        self._add(name, Used.now().since(begin))

    @contextlib.contextmanager
    def computing(self) -> Iterator[None]:
        """The pipeline runs, and tells of its stages."""
        self._begin = Used.now()
        yield
        self._end_stage()
