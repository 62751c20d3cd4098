"""Workers on the machines of a Ray cluster; one that dies is replaced, and what it had is handed out again."""

from __future__ import annotations

import importlib
import logging
import os
import signal
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from photostyle.batch.crew import Finished
from photostyle.batch.job import Job
from photostyle.batch.ray_worker import RayWorker
from photostyle.batch.record import Done
from photostyle.batch.worker import DEPTH
from photostyle_protocol.errors import BadOptionError, JobFailedError

if TYPE_CHECKING:
    from photostyle.batch.series import Book

LOCAL = "local"
"""The address of a cluster that is started here and ends with the batch."""


class _Handed(NamedTuple):
    job: Job
    actor: Any


class RayCrew:
    """A `Crew` on a cluster, whose machines have photostyle and the same folders.

    Args:
        address: Of the cluster, ``auto`` or `LOCAL`.
        gpus: GPUs of a worker, also a part of one; 0 computes on CPUs.
        threads: CPU threads of a worker.
        book: What is known of the series, if all results have one look.

    Raises:
        BadOptionError: Ray is not installed, there is no such cluster, or it has no room for a worker.
    """

    def __init__(self, address: str, gpus: float, threads: int, book: Book | None) -> None:
        self._ray = _connected(address)
        resources = self._ray.cluster_resources()
        count = int(resources.get("GPU", 0) // gpus) if gpus else int(resources.get("CPU", 0) // threads)
        if not count:
            self._ray.shutdown()
            raise BadOptionError(
                f"The cluster has no room for a worker of {gpus:g} GPUs and {threads} CPU threads.",
                "See --gpus-per-worker and --threads.",
            )
        cpus = 0 if gpus else threads
        self._kind = self._ray.remote(num_cpus=cpus, num_gpus=gpus, max_concurrency=DEPTH)(RayWorker)
        self._arguments = ("cuda:0" if gpus else "cpu", threads, self._ray.put(book))
        self._starting: dict[Any, Any] = {}
        self._load: Counter[Any] = Counter()
        self._hands: dict[Any, _Handed] = {}
        for _ in range(count):
            self._start()

    @property
    def capacity(self) -> int:
        """See `Crew`; it grows as workers come up."""
        return DEPTH * len(self._load)

    @property
    def in_hand(self) -> int:
        """See `Crew`."""
        return len(self._hands)

    def hand(self, job: Job, before: Sequence[Done]) -> None:
        """See `Crew`."""
        actor = min(self._load, key=self._load.__getitem__)
        self._load[actor] += 1
        self._hands[actor.perform.remote(job, before)] = _Handed(job, actor)

    def wait(self, seconds: float) -> list[Finished]:
        """See `Crew`."""
        watched = [*self._hands, *self._starting]
        ready, _ = self._ray.wait(watched, num_returns=1, timeout=seconds)
        for ref in ready:
            if ref in self._starting:
                self._started(ref)
        return [self._finished(ref) for ref in ready if ref in self._hands]

    def stop(self) -> list[Finished]:
        """See `Crew`."""
        finished = []
        if self._hands:
            ready, _ = self._ray.wait([*self._hands], num_returns=len(self._hands), timeout=0)
            finished = [self._finished(ref) for ref in ready]
        self._end_all()
        self._hands.clear()
        return finished

    def close(self) -> None:
        """See `Crew`; a cluster that was started here ends."""
        self._end_all()
        self._ray.shutdown()

    def _start(self) -> None:
        actor = self._kind.remote(*self._arguments)
        self._starting[actor.__ray_ready__.remote()] = actor

    def _started(self, ref: Any) -> None:  # noqa: ANN401 - Ray's
        actor = self._starting.pop(ref)
        try:
            self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            if not self._load and not self._starting:
                reason = str(error).strip().splitlines()[-1]
                raise JobFailedError(
                    f"No worker can start on the cluster: {reason}", "Is photostyle installed on its machines?"
                ) from error
        else:
            self._load[actor] = 0

    def _finished(self, ref: Any) -> Finished:  # noqa: ANN401 - Ray's
        job, actor = self._hands.pop(ref)
        try:
            record = self._ray.get(ref)
        except self._ray.exceptions.RayActorError:
            if self._load.pop(actor, None) is not None:
                self._start()
            return Finished(job, None)
        self._load[actor] -= 1
        return Finished(job, record)

    def _end_all(self) -> None:
        for actor in (*self._load, *self._starting.values()):
            self._ray.kill(actor)
        self._load.clear()
        self._starting.clear()


def _connected(address: str) -> Any:  # noqa: ANN401 - a module without types
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would tell its makers
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # what it will do anyway, without a warning
    try:
        ray = importlib.import_module("ray")  # whose types are there only where it is
    except ImportError as error:
        raise BadOptionError("--ray takes Ray, which is not installed.", "pip install 'photostyle[ray]'") from error
    handler = signal.getsignal(signal.SIGTERM)
    try:
        settings = {"include_dashboard": False} if address == LOCAL else {}
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **settings)
    except (ConnectionError, RuntimeError, ValueError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise BadOptionError(f"The Ray cluster {address} cannot be used: {reason}", "local starts one here.") from error
    finally:
        signal.signal(signal.SIGTERM, handler)  # Ray has put its own there
    return ray
