"""The lock that keeps a second daemon from stealing the endpoint."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import IO

from photostyle_protocol.connection import CONNECTION, open_private
from photostyle_protocol.errors import DaemonError
from photostyle_protocol.file_lock import lock

PATIENCE_SECONDS = 1.5
"""Longer than a daemon needs to end, so that ``stop`` and ``serve`` can follow one another."""


def take_lock(folder: Path, pid: int) -> IO[str]:
    """Lock `folder` for this process, until the file is closed or the process dies.

    A daemon without a connection file is just starting or just ending; it is waited for.

    Raises:
        DaemonError: Another daemon has it, and keeps it.
        DaemonUnavailableError: It is a link, or cannot be opened.
    """
    file = open_private(folder / "daemon.lock", os.O_RDWR, "r+")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _try_lock(file):
        if (folder / CONNECTION).exists() or time.monotonic() > deadline:
            file.seek(0)
            holder = file.read(32).strip() or "unknown"
            file.close()
            raise DaemonError(f"A daemon is already running (pid {holder}).", "Stop it with: photostyle stop")
        time.sleep(0.05)
    file.seek(0)
    file.truncate()
    file.write(f"{pid}\n")
    file.flush()
    return file


def _try_lock(file: IO[str]) -> bool:
    try:
        lock(file.fileno())
    except OSError:
        return False
    return True
