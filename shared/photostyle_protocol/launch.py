"""Start the daemon in the background where none answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from photostyle_protocol.client import Client
from photostyle_protocol.connection import Connection, connection_path, log_path, open_private, read_connection
from photostyle_protocol.errors import DaemonUnavailableError

HELLO_SECONDS = 2.0
LOG_LINES = 8
LOG_BYTES = 1 << 20
RIVAL_SECONDS = 3.0
_POLL_SECONDS = 0.01
_started: "List[subprocess.Popen[bytes]]" = []
"""Daemons that this process started: asking how they are is what lets the system forget dead ones."""


def default_command() -> List[str]:
    """How this Python starts the daemon, whatever the PATH."""
    return [sys.executable, "-m", "photostyle.cli", "serve", "--foreground"]


def ensure_daemon(
    command: Optional[Sequence[str]] = None, deadline: float = 20.0, device: Optional[str] = None
) -> Connection:
    """Where the daemon is; it is started if none answers.

    Args:
        command: Starts a daemon in the foreground; ``None`` is `default_command`.
        deadline: Seconds until it must answer.
        device: Where a new daemon computes; ``None`` leaves the choice to it.

    Raises:
        DaemonUnavailableError: It could not be started or does not answer, with the last lines of its log.
        VersionMismatchError: A daemon of another version runs.
    """
    until = time.monotonic() + deadline
    found = _answering(min(HELLO_SECONDS, deadline))
    if found is not None:
        return found
    full = [*(command or default_command()), *(["--device", device] if device else [])]
    start = _log_end()
    process = _start(full)
    _started.append(process)
    while time.monotonic() < until:
        found = _answering(max(0.1, min(HELLO_SECONDS, until - time.monotonic())))
        if found is not None:
            return found
        if process.poll() is not None:
            # Another client may have started one at the same moment, and ours gave way to it.
            until = min(until, time.monotonic() + RIVAL_SECONDS)
        time.sleep(_POLL_SECONDS)
    raise DaemonUnavailableError(_why(process.poll(), deadline), _last_words(start))


def _answering(timeout: float) -> Optional[Connection]:
    """The connection of a daemon that answers hello now."""
    _started[:] = [process for process in _started if process.poll() is None]
    try:
        if not _is_alive(read_connection(connection_path()).pid):
            return None
        Client.connect(timeout=timeout).close()
        # Read again: the answer may have come from a daemon that has just replaced a dead one.
        return read_connection(connection_path())
    except DaemonUnavailableError:
        return None


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # os.kill would end the process there; the hello decides
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return pid > 0


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start the daemon so that it outlives this process and its terminal."""
    apart: Dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    with _open_log(log_path()) as log:
        try:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **apart)
        except OSError as error:
            raise DaemonUnavailableError(f"The daemon cannot be started: {error}.", "Is it installed?") from error


def _open_log(path: Path) -> Any:
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))
    return open_private(path, os.O_WRONLY | os.O_APPEND, "ab")


def _log_end() -> int:
    path = log_path()
    return path.stat().st_size if path.exists() else 0


def _why(code: Optional[int], deadline: float) -> str:
    if code is None:
        return f"The daemon was started but does not answer within {deadline:g} s."
    return f"The daemon could not be started (exit code {code})."


def _last_words(start: int) -> str:
    """The last lines that the log has got since `start`."""
    path = log_path()
    data = path.read_bytes()
    fresh = data[start:] if len(data) >= start else data
    lines = [line for line in fresh.decode("utf-8", "replace").splitlines() if line.strip()][-LOG_LINES:]
    if lines:
        return "Its log says:\n" + "\n".join(lines)
    is_full = not shutil.disk_usage(path.parent).free
    return f"The disk of {path.parent} is full." if is_full else f"Its log {path} is empty."
