"""What a daemon tells about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class WorkerStatus:
    """The worker, ``loading``, ``idle``, ``busy``, ``unloaded`` or ``failed``, and its memory in bytes."""

    state: str
    pid: Optional[int]
    rss: Optional[int]


@dataclass(frozen=True)
class StoreStatus:
    """The image store: bytes held or reserved, the most there may be, and whole images."""

    bytes: int
    budget: int
    images: int


@dataclass(frozen=True)
class JobCounts:
    """Jobs now, and jobs that have ended since the daemon started."""

    waiting: int
    running: int
    done: int
    failed: int
    cancelled: int


@dataclass(frozen=True)
class DaemonStatus:
    """How a daemon does.

    Attributes:
        pid: Its process.
        version: Its version.
        uptime: Seconds since it started.
        endpoint: Where clients on this machine find it.
        listen: Where clients on other machines find it, if they may.
        device: Where the worker computes; the asked-for name until one has loaded.
        rss: Memory of the daemon itself in bytes.
        worker: Its worker.
        store: Its image store.
        clients: Sessions that are open.
        jobs: Its jobs.
    """

    pid: int
    version: str
    uptime: float
    endpoint: str
    listen: Optional[str]
    device: str
    rss: Optional[int]
    worker: WorkerStatus
    store: StoreStatus
    clients: int
    jobs: JobCounts
