"""The sockets that clients come in by, and who may."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq
from zmq.utils import z85

from photostyle import __version__
from photostyle.daemon.config import DaemonConfig
from photostyle_protocol.connection import Connection, ipc_path, read_connection, write_connection
from photostyle_protocol.errors import BadOptionError, DaemonError
from photostyle_protocol.sockets import harden

_KEY_BYTES = 32


@dataclass(frozen=True)
class KeyRing:
    """The public keys that are let in by one door; what `zmq.auth` asks."""

    allowed: frozenset[bytes]

    def callback(self, domain: str, key: bytes) -> bool:
        """Whether the owner of this key may come in."""
        return key in self.allowed


@dataclass(frozen=True)
class Door:
    """One bound ROUTER socket.

    Attributes:
        socket: The socket.
        connection: What a client needs to come in.
        key_ring: Who may, for a door with CURVE.
    """

    socket: zmq.Socket[Any]
    connection: Connection
    key_ring: KeyRing | None = None


def open_local_door(context: zmq.Context[Any], folder: Path, transport: str | None) -> Door:
    """The door for programs of this person on this machine."""
    if (transport or ("tcp" if sys.platform == "win32" else "ipc")) == "ipc":
        return _bind(context, f"ipc://{ipc_path(folder)}", None, None, None)
    server, client = zmq.curve_keypair(), zmq.curve_keypair()
    return _bind(context, "tcp://127.0.0.1:*", server, client, KeyRing(frozenset([client[0]])))


def open_network_door(context: zmq.Context[Any], config: DaemonConfig) -> Door:
    """The door for clients on other machines; with CURVE only.

    Raises:
        BadOptionError: The address or the list of keys is missing or wrong.
        DaemonError: The address cannot be used.
    """
    listen = config.listen or ""
    if not listen.startswith("tcp://"):
        raise BadOptionError(f"The daemon cannot listen on {listen!r}.", "Give an address like tcp://0.0.0.0:7777.")
    if config.allowed_keys is None:
        raise BadOptionError(
            "The daemon listens to a network only with a list of allowed client keys.",
            "Name a file with one public key a line.",
        )
    keys = KeyRing(frozenset(read_allowed_keys(config.allowed_keys)))
    return _bind(context, listen, server_keys(config.server_keys), None, keys)


def read_allowed_keys(path: Path) -> Iterable[bytes]:
    """The public keys in a file: Z85, one at the start of each line; "# " begins a remark.

    Raises:
        BadOptionError: The file cannot be read, holds something else, or nothing.
    """
    try:
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadOptionError(f"The list of keys {path} cannot be read: {error}.") from error
    # A key may itself contain #, so only a # of its own begins a remark.
    keys = [words[0].encode("ascii") for words in lines if words and words[0] != "#"]
    for key in keys:
        if not _is_key(key):
            raise BadOptionError(f"{key.decode()!r} in {path} is no CURVE key.", "A key has 40 characters.")
    if not keys:
        raise BadOptionError(f"The list of keys {path} is empty, so nobody could come in.")
    return keys


def server_keys(path: Path | None) -> tuple[bytes, bytes]:
    """The daemon's own lasting key pair (public, secret), made at first need, mode 0600."""
    if path is None:
        from platformdirs import user_config_path

        path = user_config_path("photostyle", ensure_exists=True) / "server-keys.json"
    if not path.exists():
        public, secret = zmq.curve_keypair()
        write_connection(path, Connection("", 0, "", public.decode(), None, secret.decode()))
    kept = read_connection(path)
    return (kept.server_key or "").encode(), (kept.client_secret or "").encode()


def _is_key(key: bytes) -> bool:
    try:
        return len(z85.decode(key)) == _KEY_BYTES
    except (ValueError, KeyError):
        return False


def _bind(
    context: zmq.Context[Any],
    endpoint: str,
    server: tuple[bytes, bytes] | None,
    client: tuple[bytes, bytes] | None,
    key_ring: KeyRing | None,
) -> Door:
    socket = context.socket(zmq.ROUTER)
    harden(socket)
    # A client that has gone is an error at once, not a message dropped in silence.
    socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
    if server is not None:
        socket.setsockopt(zmq.CURVE_SERVER, 1)
        socket.setsockopt(zmq.CURVE_SECRETKEY, server[1])
        socket.setsockopt(zmq.ZAP_DOMAIN, endpoint.encode())
    try:
        socket.bind(endpoint)
    except zmq.ZMQError as error:
        socket.close()
        raise DaemonError(f"The address {endpoint} cannot be used: {error}.", "Is it taken, or misspelt?") from error
    bound = socket.getsockopt_string(zmq.LAST_ENDPOINT)
    pair = [key.decode() for key in client] if client else [None, None]
    connection = Connection(bound, os.getpid(), __version__, server[0].decode() if server else None, *pair)
    return Door(socket, connection, key_ring)
