"""``photostyle bridge``: the daemon for programs whose Python has no ZeroMQ."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from photostyle_protocol.errors import PhotostyleError

if TYPE_CHECKING:
    from photostyle_protocol.connection import Connection


def bridge(
    endpoint: Annotated[
        str | None, typer.Option(help="Another daemon: its ipc:// address or a connection file.")
    ] = None,
    device: Annotated[str | None, typer.Option(help="Where a daemon computes that has to be started.")] = None,
) -> None:
    """Pass messages between standard input and output and the daemon; for programs, not for people."""
    from photostyle.daemon.bridge import Bridge
    from photostyle.daemon.pipe import take_pipes

    bridge = Bridge(*take_pipes(buffering=0))
    with contextlib.suppress(OSError):  # the program has gone
        try:
            bridge.run(_reach(endpoint, device))
        except PhotostyleError as error:
            bridge.tell(error)
            raise


def _reach(endpoint: str | None, device: str | None) -> Connection:
    """Where the daemon is; this person's own one is started if none answers."""
    from photostyle_protocol.connection import find_connection
    from photostyle_protocol.launch import ensure_daemon

    return find_connection(endpoint) if endpoint is not None else ensure_daemon(device=device)
