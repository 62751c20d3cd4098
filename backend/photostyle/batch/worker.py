"""Who does jobs: one device, or one daemon, that stays warm from the first picture to the last."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from photostyle import __version__
from photostyle.batch.crowd import Crowd
from photostyle.batch.digests import Digests, file_digest
from photostyle.batch.job import Job
from photostyle.batch.recipe import Recipe, recipe_of
from photostyle.batch.record import Done, Record, Status
from photostyle.batch.styles import StyleShelf
from photostyle.imaging.output_folder import make_folder
from photostyle.transfer.make import make
from photostyle.transfer.report import Report
from photostyle_protocol.errors import (
    DaemonUnavailableError,
    JobCancelledError,
    PhotostyleError,
    VersionMismatchError,
)

if TYPE_CHECKING:
    from photostyle.batch.computing import Computing
    from photostyle.stylize.task import Pixels, StylizeTask

DEPTH = 3
"""Jobs that a worker has in hand at once: while one is computed, the next is read and the last one written."""

_ENDS_ALL = (JobCancelledError, DaemonUnavailableError, VersionMismatchError)
"""What is no fault of one picture: every other would meet it, too."""


class Worker:
    """Does jobs, handed in from up to `DEPTH` threads; computes one at a time, always in the same thread.

    Args:
        computing: How tasks become pixels.
    """

    def __init__(self, computing: Computing) -> None:
        self._computing = computing
        self._desk = ThreadPoolExecutor(1, "compute")
        self._styles = StyleShelf()
        self._digests = Digests()
        self._crowd = Crowd()

    def perform(self, job: Job, before: Sequence[Done], is_stopped: Callable[[], bool]) -> Record:
        """Do one job, or find that it is done.

        Args:
            job: What to do.
            before: What earlier runs said of it.
            is_stopped: Asked all the time; ``True`` drops the job.

        Returns:
            What became of it; a picture that cannot be done is a record, too.

        Raises:
            JobCancelledError: It was dropped.
            DaemonError: There is no daemon any more.
        """
        began = time.perf_counter()
        recipe = recipe_of(job.asked, self._digests, self._computing.series_of(job.asked.settings))
        if _is_done(job, recipe, before):
            return _record(job, recipe, "skipped", began)
        from photostyle.imaging.dimensions import announced_pixels

        report = Report(_Stopping(is_stopped))
        try:
            make_folder(job.asked.output.parent)
            with self._crowd.inside(announced_pixels(job.asked.content)):
                make(job.asked, self._at_desk, report, self._styles.read)
        except _ENDS_ALL:
            raise
        except PhotostyleError as error:
            return _record(job, recipe, "failed", began, error=str(error))
        except Exception as error:
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            return _record(job, recipe, "failed", began, error=f"Unexpected: {what}.")
        notices = tuple(notice.message for notice in report.notices)
        return _record(job, recipe, "done", began, output=file_digest(job.asked.output), notices=notices)

    def close(self) -> None:
        """Give back what stays warm."""
        self._desk.shutdown()
        self._computing.close()

    def _at_desk(self, task: StylizeTask, report: Report) -> Pixels:
        return self._desk.submit(self._computing.compute, task, report).result()


class _Stopping:
    """A `Display` that shows nothing, and ends the work when it shall stop."""

    def __init__(self, is_stopped: Callable[[], bool]) -> None:
        self._is_stopped = is_stopped

    def show(self, what: str, fraction: float | None) -> None:
        """See `Display`."""
        if self._is_stopped():
            raise JobCancelledError("The batch was stopped.")


def _is_done(job: Job, recipe: Recipe, before: Sequence[Done]) -> bool:
    """Whether an earlier run made exactly this result, and it is still there."""
    made = [done.output for done in before if done.key == recipe.key]
    return bool(made) and file_digest(job.asked.output) in made


def lost(job: Job, reason: str) -> Record:
    """The record of a job whose workers died."""
    return _record(job, Recipe({}, {}, "", None), "failed", time.perf_counter(), error=reason)


def _record(  # noqa: PLR0913 - what there is to say
    job: Job,
    recipe: Recipe,
    status: Status,
    began: float,
    *,
    output: str | None = None,
    notices: Sequence[str] = (),
    error: str | None = None,
) -> Record:
    return Record(
        job=job.name,
        status=status,
        key=recipe.key if recipe.inputs else "",
        inputs=recipe.inputs,
        options=recipe.options,
        version=__version__,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - began, 3),
        output=output,
        notices=notices,
        error=error,
    )
