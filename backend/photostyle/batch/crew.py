"""Who has jobs in hand: the threads of this process around its workers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from typing import NamedTuple, Protocol

from photostyle.batch.job import Job
from photostyle.batch.record import Done, Record
from photostyle.batch.worker import DEPTH, Worker
from photostyle_protocol.errors import PhotostyleError


class Finished(NamedTuple):
    """A job that is in nobody's hand any more; without a record, whoever had it has died."""

    job: Job
    record: Record | None


class Crew(Protocol):
    """Takes jobs and gives back records; used by one thread."""

    @property
    def capacity(self) -> int:
        """Jobs that it can have in hand at once."""

    @property
    def in_hand(self) -> int:
        """Jobs that it has now."""

    def hand(self, job: Job, before: Sequence[Done]) -> None:
        """Give it a job, and what earlier runs said of it."""

    def wait(self, seconds: float) -> list[Finished]:
        """What has been finished; waits for the first, but not longer than this.

        Raises:
            PhotostyleError: What ends the whole batch.
        """

    def stop(self) -> list[Finished]:
        """Drop all jobs in hand.

        Returns:
            Those that came to their end nevertheless.
        """

    def close(self) -> None:
        """Send everybody home; nothing is in hand."""


class Threads:
    """Workers in this process, `DEPTH` threads for each: reading, computing and writing overlap.

    Args:
        workers: At least one; they are closed with the crew.
    """

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.capacity = DEPTH * len(workers)
        self._workers = workers
        self._pool = ThreadPoolExecutor(self.capacity, "batch")
        self._seats: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in [*workers] * DEPTH:
            self._seats.put(worker)
        self._stopped = threading.Event()
        self._jobs: dict[Future[Record], Job] = {}

    @property
    def in_hand(self) -> int:
        """See `Crew`."""
        return len(self._jobs)

    def hand(self, job: Job, before: Sequence[Done]) -> None:
        """See `Crew`."""
        self._jobs[self._pool.submit(self._perform, job, before)] = job

    def wait(self, seconds: float) -> list[Finished]:
        """See `Crew`."""
        ended, _ = wait(self._jobs, seconds, FIRST_COMPLETED)
        return [Finished(self._jobs.pop(future), future.result()) for future in ended]

    def stop(self) -> list[Finished]:
        """See `Crew`."""
        self._stopped.set()
        finished = []
        for future, job in self._jobs.items():
            future.cancel()
            try:
                finished.append(Finished(job, future.result()))
            except (PhotostyleError, CancelledError):
                continue
        self._jobs.clear()
        return finished

    def close(self) -> None:
        """See `Crew`."""
        self._pool.shutdown()
        for worker in self._workers:
            worker.close()

    def _perform(self, job: Job, before: Sequence[Done]) -> Record:
        worker = self._seats.get()
        try:
            return worker.perform(job, before, self._stopped.is_set)
        finally:
            self._seats.put(worker)
