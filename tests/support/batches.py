"""Batches in this process, with the real pipeline on the CPU."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from photostyle.batch.brake import Brake
from photostyle.batch.computing import OnDevice
from photostyle.batch.crew import Threads
from photostyle.batch.job import Job
from photostyle.batch.manifest import Manifest, done_before, manifest_path
from photostyle.batch.planning import plan
from photostyle.batch.record import Record
from photostyle.batch.run import Batch, Tally
from photostyle.batch.series import Book
from photostyle.batch.wanted import Wanted
from photostyle.batch.worker import Worker
from photostyle_protocol.request import Settings

FAST = Settings("monge-kantorovich")


class Heard:
    """An audience that remembers, and may do something at each record."""

    tally: Tally

    def __init__(self, then: Callable[[Record], None] | None = None) -> None:
        self.records: list[Record] = []
        self._then = then

    def show(self, record: Record, tally: Tally) -> None:
        """See `Audience`."""
        self.records.append(record)
        if self._then is not None:
            self._then(record)

    def names(self, status: str) -> list[str]:
        """The jobs that ended so."""
        return sorted(record.job for record in self.records if record.status == status)


def run_batch(
    jobs: Sequence[Job],
    out: Path,
    *,
    resume: bool = False,
    strict: bool = False,
    brake: Brake | None = None,
    book: Book | None = None,
) -> Heard:
    """A whole batch, as the command runs it; the audience pulls the brake, if there is one, at the first record."""
    heard = Heard(None if brake is None else lambda record: brake.pull() if not brake.pulled else None)
    crew = Threads([Worker(OnDevice("cpu", book))])
    before = done_before(out) if resume else {}
    try:
        with Manifest(manifest_path(out, None)) as manifest:
            manifest.clean()
            heard.tally = Batch(crew, manifest, before, heard, strict).run(jobs, brake or Brake())
    finally:
        crew.close()
    return heard


def planned(words: Sequence[Path], out: Path, *styles: Path, settings: Settings = FAST) -> list[Job]:
    """The jobs of folders and files."""
    return plan([str(word) for word in words], Wanted(out, settings, styles), recursive=True)
