"""The batch itself: jobs out, records in, one line of the manifest for each."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from photostyle.batch.brake import Brake
from photostyle.batch.crew import Crew, Finished
from photostyle.batch.job import Job
from photostyle.batch.manifest import Manifest
from photostyle.batch.record import Done, Record, Status
from photostyle.batch.worker import lost

_BLINK = 0.2
"""Seconds between two looks at the brake."""

MOST_DEATHS = 3
"""Workers that may die of one job before it is given up."""


class Audience(Protocol):
    """Is told of each job."""

    def show(self, record: Record, tally: Tally) -> None:
        """A job has ended."""


@dataclass
class Tally:
    """How a batch went.

    Attributes:
        total: Jobs in all.
        counts: Those that ended, by how.
        failures: The records of those that could not be done.
        seconds: How long it took.
        stopped: Whether it ended before all was done.
    """

    total: int
    counts: Counter[Status] = field(default_factory=Counter)
    failures: list[Record] = field(default_factory=list)
    seconds: float = 0.0
    stopped: bool = False

    @property
    def ended(self) -> int:
        """Jobs that are not to be done any more."""
        return self.counts.total()


class Batch:
    """One run over the jobs.

    Args:
        crew: Does them.
        manifest: Gets a line for each.
        before: What earlier runs did, by job; empty unless this one resumes.
        audience: Is told.
        strict: The first failure ends it.
    """

    def __init__(
        self, crew: Crew, manifest: Manifest, before: Mapping[str, Sequence[Done]], audience: Audience, strict: bool
    ) -> None:
        self._crew = crew
        self._manifest = manifest
        self._before = before
        self._audience = audience
        self._strict = strict
        self._waiting: deque[Job] = deque()
        self._suspects: deque[Job] = deque()
        self._deaths: Counter[str] = Counter()

    def run(self, jobs: Sequence[Job], brake: Brake) -> Tally:
        """Do all jobs, or as many as can be done until the brake is pulled.

        Raises:
            PhotostyleError: What no other picture would survive either: no daemon, a full disk under the manifest.
        """
        tally = Tally(len(jobs))
        self._waiting.extend(jobs)
        began = time.perf_counter()
        try:
            while (self._waiting or self._suspects or self._crew.in_hand) and not self._ends(tally, brake):
                self._hand_out()
                self._take_in(self._crew.wait(_BLINK), tally)
        finally:
            self._take_in((f for f in self._crew.stop() if f.record), tally)
            tally.seconds = time.perf_counter() - began
            tally.stopped = tally.ended < tally.total
        return tally

    def _ends(self, tally: Tally, brake: Brake) -> bool:
        return brake.pulled or (self._strict and bool(tally.failures))

    def _hand_out(self) -> None:
        while self._waiting and self._crew.in_hand < self._crew.capacity:
            self._hand(self._waiting.popleft())
        # What a dead worker had comes last and alone: only one of its jobs killed it, and that one kills no other.
        if self._suspects and not self._crew.in_hand:
            self._hand(self._suspects.popleft())

    def _hand(self, job: Job) -> None:
        self._crew.hand(job, self._before.get(job.name, ()))

    def _take_in(self, finished: Iterable[Finished], tally: Tally) -> None:
        for job, record in finished:
            told = record or self._died(job)
            if told is None:
                self._suspects.append(job)
                continue
            if told.status != "skipped":
                self._manifest.add(told)
            tally.counts[told.status] += 1
            if told.status == "failed":
                tally.failures.append(told)
            self._audience.show(told, tally)

    def _died(self, job: Job) -> Record | None:
        """The record of a job that too many workers died of."""
        self._deaths[job.name] += 1
        died = self._deaths[job.name]
        return lost(job, f"{died} workers died while they had it.") if died >= MOST_DEATHS else None
