"""What the daemon tells about itself."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from photostyle import __version__
from photostyle_protocol.status import DaemonStatus, JobCounts, StoreStatus, WorkerStatus

if TYPE_CHECKING:
    from photostyle.daemon.broker import Broker


def describe(broker: Broker) -> DaemonStatus:
    """The daemon's state."""
    runner, store, pid = broker.runner, broker.store, os.getpid()
    worker = runner.worker.pid if runner.worker else None
    return DaemonStatus(
        pid=pid,
        version=__version__,
        uptime=time.monotonic() - broker.started,
        endpoint=broker.doors[0].connection.endpoint,
        listen=broker.doors[1].connection.endpoint if len(broker.doors) > 1 else None,
        device=runner.device or broker.config.device,
        rss=_rss(pid),
        worker=WorkerStatus(runner.state, worker, _rss(worker)),
        store=StoreStatus(store.nbytes, store.room, len(store)),
        clients=len(broker.sessions),
        jobs=JobCounts(waiting=len(runner.queue), running=int(runner.running is not None), **runner.counts),
    )


def _rss(pid: int | None) -> int | None:
    """Bytes of memory that a process holds, or ``None`` if there is none."""
    import psutil  # only here: a status is rare, and the daemon starts faster without it

    try:
        return int(psutil.Process(pid).memory_info().rss) if pid else None
    except (OSError, psutil.Error):
        return None
