"""How a plug-in reaches the backend: over ZeroMQ where it can, else over the bridge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photostyle_plugin.backend import Backend, find_backend
from photostyle_plugin.errors import BackendMissingError
from photostyle_plugin.vendoring import can_import_zmq
from photostyle_protocol.errors import DaemonUnavailableError

if TYPE_CHECKING:
    from photostyle_protocol.client import Client

ANSWER_SECONDS = 15.0
"""An answer on a busy machine may take its time; a daemon that has died is noticed much sooner."""


def connect_client() -> Client:
    """Reach this person's daemon; it is started if none runs. Waits for that, up to about 25 seconds.

    Raises:
        BackendMissingError: No daemon runs, and no backend is installed that could start one.
        DaemonUnavailableError: It does not start or does not answer.
        VersionMismatchError: It is of another version.
    """
    backend = find_backend()
    if can_import_zmq():
        return _over_zeromq(backend)
    from photostyle_protocol.client import Client

    if backend is None:
        raise BackendMissingError
    return Client.over_bridge([*backend.command, "bridge"])


def _over_zeromq(backend: Backend | None) -> Client:
    from photostyle_protocol.client import Client
    from photostyle_protocol.launch import ensure_daemon

    if backend is not None:
        ensure_daemon([*backend.command, "serve", "--foreground"])
        return Client.connect(timeout=ANSWER_SECONDS)
    try:
        return Client.connect(timeout=ANSWER_SECONDS)
    except DaemonUnavailableError as error:
        raise BackendMissingError from error
