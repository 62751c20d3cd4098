"""Where a running daemon is found: its private folder and the connection file in it."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Optional

from photostyle_protocol.errors import DaemonUnavailableError, PhotostyleError
from photostyle_protocol.wire import from_wire

CONNECTION = "connection.json"
IPC_PATH_BYTES = 100
"""Longest path of a Unix socket that every platform takes."""


@dataclass(frozen=True)
class Connection:
    """What a client needs to reach a daemon.

    Attributes:
        endpoint: ZeroMQ address.
        pid: Process id on this machine; 0 for a daemon elsewhere.
        version: Version of the daemon; empty for a daemon elsewhere.
        server_key: The daemon's public CURVE key (Z85), or ``None`` without CURVE.
        client_public: The client's own key pair (Z85), or ``None`` without CURVE.
        client_secret: Its other half.
    """

    endpoint: str
    pid: int = 0
    version: str = ""
    server_key: Optional[str] = None
    client_public: Optional[str] = None
    client_secret: Optional[str] = None


def runtime_dir() -> Path:
    """The private folder of the daemon, made if missing.

    ``PHOTOSTYLE_RUNTIME_DIR`` decides; else the platform's folder for such files.

    Raises:
        DaemonUnavailableError: The folder is a link or belongs to somebody else.
    """
    named = os.environ.get("PHOTOSTYLE_RUNTIME_DIR")
    return private_dir(Path(named).absolute() if named else _platform_dir())


def connection_path() -> Path:
    """The connection file of this person's daemon."""
    return runtime_dir() / CONNECTION


def log_path() -> Path:
    """Where a daemon that was started in the background writes what it has to say."""
    return runtime_dir() / "daemon.log"


def private_dir(path: Path) -> Path:
    """`path` as a folder that only this person can enter, made if missing.

    Raises:
        DaemonUnavailableError: It is a link, no folder, or belongs to somebody else.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(path, path.lstat())
    except OSError as error:
        reason = f"The folder {path} cannot be made or used: {error.strerror}."
        raise DaemonUnavailableError(reason, "Set PHOTOSTYLE_RUNTIME_DIR to another folder.") from error
    return path


def _make_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISDIR(found.st_mode):
        raise DaemonUnavailableError(f"{path} is a link or no folder.", "Remove it, or set PHOTOSTYLE_RUNTIME_DIR.")
    if hasattr(os, "getuid"):
        if found.st_uid != os.getuid():
            raise DaemonUnavailableError(f"{path} belongs to another user.", "Set PHOTOSTYLE_RUNTIME_DIR.")
        path.chmod(0o700)


def ipc_path(folder: Path) -> Path:
    """Path of the daemon's socket: in `folder`, or in a short private one where that would be too long."""
    path = folder / "daemon.sock"
    if len(os.fsencode(path)) <= IPC_PATH_BYTES:
        return path
    tag = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return private_dir(Path(_short_temp()) / f"photostyle-{tag}") / "daemon.sock"


def write_private(path: Path, text: str) -> None:
    """Put a whole file in place that only this person can read."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


def open_private(path: Path, flags: int, mode: str) -> IO[Any]:
    """Open a file that only this person can read, made if missing; never through a link, which could lead anywhere.

    Raises:
        DaemonUnavailableError: It is a link, or cannot be opened.
    """
    try:
        handle = os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise DaemonUnavailableError(f"{path} cannot be opened: {error.strerror}.", "Remove it.") from error
    return os.fdopen(handle, mode)


def write_connection(path: Path, connection: Connection) -> None:
    """Write the connection file, mode 0600."""
    write_private(path, json.dumps(asdict(connection), indent=1) + "\n")


def read_connection(path: Path) -> Connection:
    """Read a connection file.

    Raises:
        DaemonUnavailableError: There is none, or it is damaged.
    """
    try:
        return from_wire(Connection, json.loads(path.read_text(encoding="utf-8")), str(path))
    except FileNotFoundError as error:
        raise DaemonUnavailableError("No daemon is running.", "Start one with: photostyle serve") from error
    except (OSError, ValueError, PhotostyleError) as error:
        raise DaemonUnavailableError(f"The connection file {path} cannot be read: {error}", "Remove it.") from error


def find_connection(endpoint: Optional[str]) -> Connection:
    """Where a daemon is.

    Args:
        endpoint: ``None`` for this person's own daemon, an address, or the path of a connection file.

    Raises:
        DaemonUnavailableError: There is no connection file, or it is damaged.
    """
    if endpoint is None:
        return read_connection(connection_path())
    return Connection(endpoint) if "://" in endpoint else read_connection(Path(endpoint).expanduser())


def _platform_dir() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "photostyle" / "run"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "photostyle"
    session = os.environ.get("XDG_RUNTIME_DIR")
    return Path(session) / "photostyle" if session else Path(_short_temp()) / f"photostyle-{os.getuid()}"


def _short_temp() -> str:
    return "/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()  # noqa: S108 - the folder inside is checked
