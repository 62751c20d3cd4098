"""The worker of a Ray cluster: the same that works in a process of its own, kept by an actor."""

from __future__ import annotations

from collections.abc import Sequence

from photostyle.batch.computing import OnDevice
from photostyle.batch.job import Job
from photostyle.batch.record import Done, Record
from photostyle.batch.series import Book
from photostyle.batch.worker import Worker


class RayWorker:
    """Does jobs, handed in from as many threads as the actor has.

    Args:
        device: Where to compute.
        threads: Of the CPU.
        book: What is known of the series, if all results have one look.
    """

    def __init__(self, device: str, threads: int, book: Book | None) -> None:
        from photostyle.stylize.devices import use_threads

        use_threads(threads)
        self._worker = Worker(OnDevice(device, book))

    def perform(self, job: Job, before: Sequence[Done]) -> Record:
        """See `Worker.perform`; an actor is stopped by ending it."""
        return self._worker.perform(job, before, lambda: False)
