"""Jobs and the order in which they run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from photostyle_protocol.errors import BadInputError, BusyError
from photostyle_protocol.limits import REGIONS
from photostyle_protocol.request import StylizeRequest

JOBS_PER_CLIENT = 8
JOBS = 32
"""Jobs that may wait from this machine, and as many from a network: neither shuts the other out."""

PATIENCE_SECONDS = 10.0
"""A job that has waited for so long runs before previews: one person's slider does not stop another's work."""


@dataclass(eq=False)
class Job:
    """One request on its way.

    Attributes:
        number: Its name on the wire.
        owner: Key of the client's session.
        request: What to do.
        is_local: Whether a program of this person on this machine asks for it, not one of a network.
        attempts: How often a worker was given it.
        fraction: Progress, 0–1.
        stage: What is being done now.
        glimpse: Digest of the newest small picture of what there is so far; empty while there is none.
        owns_glimpse: Whether that picture is in the store for this job alone.
        queued: When it came, seconds of the monotonic clock.
        told: When the client last heard of it, seconds of the monotonic clock.
        stop_reason: Why it is being stopped; empty while it is not.
        stop_deadline: When the worker is killed if it has not stopped.
    """

    number: int
    owner: object
    request: StylizeRequest
    is_local: bool
    attempts: int = 0
    fraction: float = 0.0
    stage: str = "waiting"
    glimpse: str = ""
    owns_glimpse: bool = False
    told: float = 0.0
    queued: float = field(default_factory=time.monotonic)
    stop_reason: str = ""
    stop_deadline: float = 0.0

    @property
    def digests(self) -> tuple[str, ...]:
        """Every picture the job needs."""
        request = self.request
        parts = [(r.style, r.content_mask, r.style_mask) for r in request.regions]
        names = [request.content, request.mask, *(name for part in parts for name in part)]
        return tuple(dict.fromkeys(name for name in names if name is not None))


@dataclass
class JobQueue:
    """Jobs that wait: previews first, then in the order in which they came."""

    _waiting: list[Job] = field(default_factory=list)

    def __iter__(self) -> Iterator[Job]:
        return iter(list(self._waiting))

    def __len__(self) -> int:
        return len(self._waiting)

    def check_room(self, owner: object, is_local: bool) -> None:
        """Hold the limits.

        Raises:
            BusyError: This client, or all of this machine or of the network together, have too many jobs waiting.
        """
        if sum(job.owner == owner for job in self._waiting) >= JOBS_PER_CLIENT:
            raise BusyError(f"{JOBS_PER_CLIENT} jobs of this client are waiting already.", "Wait for one to end.")
        if sum(job.is_local == is_local for job in self._waiting) >= JOBS:
            raise BusyError(f"{JOBS} jobs are waiting already.", "Try again later.")

    def add(self, job: Job) -> None:
        """Put a job in its place."""
        self._waiting.append(job)
        self._waiting.sort(key=lambda waiting: not waiting.request.preview)

    def put_back(self, job: Job) -> None:
        """Put a job whose worker died in front of all others."""
        self._waiting.insert(0, job)

    def take(self) -> Job | None:
        """The job that runs next."""
        if not self._waiting:
            return None
        oldest = min(self._waiting, key=lambda job: job.queued)
        has_waited = time.monotonic() - oldest.queued > PATIENCE_SECONDS
        chosen = oldest if has_waited else self._waiting[0]
        self._waiting.remove(chosen)
        return chosen

    def remove(self, job: Job) -> bool:
        """Take a job out; whether it was there."""
        if job in self._waiting:
            self._waiting.remove(job)
            return True
        return False


def check_request(request: StylizeRequest) -> None:
    """Refuse a request that no pipeline could take.

    Raises:
        BadInputError: It has no regions, or too many.
    """
    if not 1 <= len(request.regions) <= REGIONS:
        raise BadInputError(f"A request needs 1 to {REGIONS} regions, not {len(request.regions)}.")
