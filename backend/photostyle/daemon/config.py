"""What a daemon is started with."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photostyle.daemon.fuse import ALLOWANCE

WORKER_COMMAND = (sys.executable, "-m", "photostyle.worker")


@dataclass(frozen=True)
class DaemonConfig:
    """How a daemon works.

    Attributes:
        device: Where the worker computes: ``auto``, ``cpu``, ``cuda:0``, ``mps``.
        idle_unload_s: Seconds without a job after which the worker is ended and its memory given back.
        listen: ``tcp://host:port`` for clients on other machines, always with CURVE.
        allowed_keys: File with the public keys (Z85, one a line, # for remarks) of clients that `listen`
            lets in.
        server_keys: File with the daemon's own key pair for `listen`; ``None`` is the person's
            configuration folder.
        store_bytes: Budget of the image store; ``None`` suits the machine.
        local_transport: ``ipc`` or ``tcp`` (loopback, random port, CURVE); ``None`` suits the platform.
        memory_bytes: What the broker may hold before it takes that for abuse and cuts all connections.
        silence_s: Seconds after which a client that says nothing is taken for gone.
        load_s: Seconds that a worker may take to load.
        worker_command: How a worker is started; ``--device`` and ``--store`` are added.
    """

    device: str = "auto"
    idle_unload_s: float = 600.0
    listen: str | None = None
    allowed_keys: Path | None = None
    server_keys: Path | None = None
    store_bytes: int | None = None
    local_transport: str | None = None
    memory_bytes: int = ALLOWANCE
    silence_s: float = 10.0
    load_s: float = 180.0
    worker_command: Sequence[str] = WORKER_COMMAND
