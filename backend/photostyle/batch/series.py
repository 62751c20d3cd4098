"""The first pass of a batch with one look: the statistics of all photographs, for each way to stylize."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from photostyle.batch.digests import Digests
from photostyle.batch.job import Job
from photostyle.batch.styles import StyleShelf
from photostyle.transfer.inputs import read_task
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.request import Settings

if TYPE_CHECKING:
    from photostyle.stylize.engine import Engine
    from photostyle.stylize.series import Series
    from photostyle.stylize.task import StylizeTask

_AHEAD = 1
"""Pictures that are read while one is looked at."""


@dataclass(frozen=True, eq=False)
class Known:
    """A series.

    Attributes:
        series: Its statistics.
        digest: SHA-256 of what they were made of: two machines add up to other last bits of the same.
    """

    series: Series
    digest: str


Book = Mapping[str, Known]
"""What is known of each series, see `chapter`."""


def chapter(settings: Settings) -> str:
    """Where in the book settings are: statistics depend on the method and its options, not on how much is wanted."""
    return json.dumps([settings.method, dict(settings.options)], sort_keys=True)


def read_series(jobs: Sequence[Job], engine: Engine, look_up: Callable[[], None]) -> Book:
    """Read all photographs once.

    Args:
        jobs: All of the series, whoever does them.
        engine: Looks at them.
        look_up: Called before each; may raise to end it.

    Raises:
        BadInputError: A method knows no series, jobs have regions, or nothing can be read.
    """
    chapters: dict[str, dict[tuple[object, object], Job]] = {}
    for job in jobs:
        # With several styles a photograph comes several times, and counts once.
        chapters.setdefault(chapter(job.asked.settings), {}).setdefault((job.asked.content, job.asked.mask), job)
    return {name: _known(list(of.values()), engine, look_up) for name, of in chapters.items()}


def _known(jobs: Sequence[Job], engine: Engine, look_up: Callable[[], None]) -> Known:
    from photostyle.stylize.collecting import collect

    if any(job.asked.regions or job.asked.content_map for job in jobs):
        raise BadInputError("A series cannot have regions.", "Leave them out, or --consistent.")
    shelf, digests = StyleShelf(), Digests()
    parts = sorted(
        [digests.of(job.asked.content), digests.of(job.asked.mask) if job.asked.mask else ""] for job in jobs
    )
    series = collect(lambda: _tasks(jobs, shelf, look_up), engine)
    return Known(series, hashlib.sha256(json.dumps(parts).encode()).hexdigest())


def _tasks(jobs: Sequence[Job], shelf: StyleShelf, look_up: Callable[[], None]) -> Iterator[StylizeTask]:
    """The tasks of all photographs that can be read, some of them ahead; the others fail when it is their turn."""
    waiting: deque[Future[StylizeTask | None]] = deque()
    with ThreadPoolExecutor(_AHEAD, "series") as pool:
        try:
            for job in jobs:
                look_up()
                waiting.append(pool.submit(_task, job, shelf))
                if len(waiting) > _AHEAD and (task := waiting.popleft().result()) is not None:
                    yield task
            yield from (task for future in waiting if (task := future.result()) is not None)
        finally:
            for future in waiting:
                future.cancel()


def _task(job: Job, shelf: StyleShelf) -> StylizeTask | None:
    from photostyle.imaging.reading import read_picture

    try:
        return read_task(job.asked, read_picture(job.asked.content), shelf.read)
    except BadInputError:
        return None
