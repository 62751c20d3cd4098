"""``photostyle serve``, ``status`` and ``stop``: the daemon's life."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from photostyle_protocol.errors import (
    BadOptionError,
    DaemonUnavailableError,
    JobFailedError,
    VersionMismatchError,
)

if TYPE_CHECKING:
    from photostyle_protocol.connection import Connection

_PATIENCE_S = 5.0
_HELLO_S = 2.0


def serve(
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay in this terminal instead of going to the background.")
    ] = False,
    device: Annotated[str, typer.Option(help="Where it computes: auto, cpu, cuda:0 or mps.")] = "auto",
    idle_unload: Annotated[
        str, typer.Option(help="Give the models' memory back after so long without a job: 90s, 10m, 1h.")
    ] = "10m",
    listen: Annotated[
        str | None, typer.Option(help="Also serve other machines: tcp://host:port; needs --allowed-keys.")
    ] = None,
    allowed_keys: Annotated[
        Path | None, typer.Option(help="File with the public keys of the clients let in, one a line.")
    ] = None,
) -> None:
    """Start the daemon, which keeps the models warm."""
    from photostyle.cli.devices import check_device
    from photostyle.cli.durations import seconds_of

    idle_unload_s = seconds_of(idle_unload)
    if (listen is None) != (allowed_keys is None):
        raise BadOptionError(
            "--listen and --allowed-keys belong together.", "Nobody is let in over a network without a key."
        )
    check_device(device)
    if foreground:
        _serve_here(device, idle_unload_s, listen, allowed_keys)
    else:
        _serve_apart(device, idle_unload_s, listen, allowed_keys)


def _serve_here(device: str, idle_unload_s: float, listen: str | None, allowed_keys: Path | None) -> None:
    from photostyle.daemon.config import DaemonConfig
    from photostyle.daemon.serve import serve as run_daemon

    run_daemon(DaemonConfig(device, idle_unload_s, listen, allowed_keys))


def _serve_apart(device: str, idle_unload_s: float, listen: str | None, allowed_keys: Path | None) -> None:
    from photostyle_protocol.launch import default_command, ensure_daemon

    running = _running()
    if running is not None:
        print(f"A daemon runs already: process {running.pid}, {running.endpoint}")
        return
    command = [*default_command(), "--idle-unload", f"{idle_unload_s}s"]
    if listen is not None and allowed_keys is not None:
        command += ["--listen", listen, "--allowed-keys", str(allowed_keys.absolute())]
    started = ensure_daemon(command, device=device)
    print(f"The daemon runs: process {started.pid}, {started.endpoint}")


def status() -> None:
    """Tell how the daemon does."""
    from photostyle_protocol.client import Client

    with Client.connect() as client:
        found = client.status()
    width = max(len(name) for name, _ in _status_rows(found))
    for name, value in _status_rows(found):
        print(f"{name:<{width}}  {value}")


def _status_rows(status: dict[str, Any]) -> list[tuple[str, str]]:
    worker, store, jobs = status["worker"], status["store"], status["jobs"]
    return [
        ("daemon", f"process {status['pid']}, version {status['version']}, {_memory(status['rss'])}"),
        ("running for", f"{status['uptime']:.0f} s"),
        ("endpoint", " and ".join(filter(None, (status["endpoint"], status["listen"])))),
        ("device", status["device"]),
        ("worker", f"{worker['state']}, {_memory(worker['rss'])}"),
        ("pictures", f"{store['images']}, {_memory(store['bytes'])} of {_memory(store['budget'])}"),
        ("clients", str(status["clients"])),
        ("jobs", ", ".join(f"{count} {name}" for name, count in jobs.items())),
    ]


def _memory(count: int | None) -> str:
    return "no memory" if count is None else f"{count / 1e6:,.0f} MB"


def stop() -> None:
    """Stop the daemon; running jobs are cancelled."""
    from photostyle_protocol.client import Client
    from photostyle_protocol.connection import connection_path, read_connection

    try:
        connection = read_connection(connection_path())
        if not _is_daemon(connection.pid):
            raise DaemonUnavailableError("No daemon is running.")
    except DaemonUnavailableError:
        print("No daemon is running.")
        return
    try:
        with Client.connect(timeout=_HELLO_S) as client:
            client.shutdown()
    except (DaemonUnavailableError, VersionMismatchError):
        _end(connection.pid)
    if not _has_ended(connection.pid):
        _end(connection.pid)
    print(f"The daemon, process {connection.pid}, has ended.")


def _running() -> Connection | None:
    """The daemon that answers now."""
    from photostyle_protocol.client import Client
    from photostyle_protocol.connection import connection_path, read_connection

    try:
        connection = read_connection(connection_path())
        Client.connect(timeout=_HELLO_S).close()
    except DaemonUnavailableError:
        return None
    return connection


def _is_daemon(pid: int) -> bool:
    """Whether this process lives and is ours: a number in an old file may belong to anybody by now."""
    import psutil

    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and "serve" in process.cmdline()
    except psutil.Error:
        return False


def _end(pid: int) -> None:
    """For a daemon that does not answer, or is of another version: ask the system, then insist."""
    import psutil

    process = psutil.Process(pid)
    # One that was suspended, with Ctrl-Z perhaps, hears a signal only when it goes on.
    for steps in ((process.terminate, process.resume), (process.kill,)):
        with contextlib.suppress(psutil.NoSuchProcess):
            for step in steps:
                step()
        if _has_ended(pid):
            return
    raise JobFailedError(f"The daemon, process {pid}, cannot be ended.", "Is it waiting for a disk?")


def _has_ended(pid: int) -> bool:
    """Whether the daemon is gone, after some patience."""
    deadline = time.monotonic() + _PATIENCE_S
    while _is_daemon(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _is_daemon(pid)
