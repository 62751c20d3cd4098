"""The sockets that clients come in by."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq

from photostyle import __version__
from photostyle.daemon.config import DaemonConfig
from photostyle.daemon.key_ring import KeyRing
from photostyle_protocol.connection import Connection, ipc_path, read_connection, write_connection
from photostyle_protocol.errors import BadOptionError, DaemonError
from photostyle_protocol.sockets import harden

RECEIVE_HIGH_WATER = 2
"""Messages of one client that wait for the daemon. With 8 MiB each, those of all clients must fit into memory."""

_CLOSING_MS = 2000


@dataclass(eq=False)
class Door:
    """One bound ROUTER socket.

    Attributes:
        socket: The socket.
        connection: What a client needs to come in.
        key_ring: Who may, for a door with CURVE.
        secret: The daemon's own key (Z85), for such a door.
        domain: Under which name its key ring is asked.
    """

    socket: zmq.Socket[Any]
    connection: Connection
    key_ring: KeyRing | None = None
    secret: bytes = b""
    domain: str = ""

    def send(self, frames: list[Any], copy: bool) -> None:
        """Send one message, if there is room for it.

        Raises:
            ZMQError: The client has gone, or does not read.
        """
        try:
            self.socket.send_multipart(frames, zmq.NOBLOCK, copy=copy)
        except zmq.Again:
            # A socket learns what was read only when it looks, and to look is what asking for its events does.
            self.socket.getsockopt(zmq.EVENTS)
            self.socket.send_multipart(frames, zmq.NOBLOCK, copy=copy)

    def key_of(self, frame: zmq.Frame) -> str:
        """The public key (Z85) of the client that sent this frame; empty at a door without CURVE."""
        return str(frame.get("User-Id")) if self.key_ring else ""

    @property
    def is_local(self) -> bool:
        """Whether only programs of this person on this machine come in."""
        return self.key_ring is None or self.key_ring.file is None

    def admits(self, key: str) -> bool:
        """Whether the client with this key may be here, now."""
        return self.key_ring is None or key.encode() in self.key_ring.allowed

    def refresh_keys(self) -> bool:
        """Read the list of keys again if it has changed; whether it has."""
        return self.key_ring is not None and self.key_ring.refresh()

    def reopen(self) -> None:
        """Cut all connections, with everything that is on its way, and let clients in again.

        Raises:
            ZMQError: Somebody else has taken the address meanwhile.
        """
        endpoint = self.connection.endpoint
        closing = self.socket.get_monitor_socket(zmq.EVENT_CLOSED)
        self.socket.unbind(endpoint)
        closing.poll(_CLOSING_MS)
        self.socket.disable_monitor()
        closing.close(linger=0)
        self.socket.close(linger=0)
        self.socket = _socket(self.socket.context, self.secret, self.domain)
        self.socket.bind(endpoint)


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
    keys = KeyRing.listed_in(config.allowed_keys)
    return _bind(context, listen, server_keys(config.server_keys), None, keys)


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


def _bind(
    context: zmq.Context[Any],
    endpoint: str,
    server: tuple[bytes, bytes] | None,
    client: tuple[bytes, bytes] | None,
    key_ring: KeyRing | None,
) -> Door:
    secret = server[1] if server else b""
    socket = _socket(context, secret, endpoint)
    try:
        socket.bind(endpoint)
    except zmq.ZMQError as error:
        socket.close()
        raise DaemonError(f"The address {endpoint} cannot be used: {error}.", "Is it taken, or misspelt?") from error
    bound = socket.getsockopt_string(zmq.LAST_ENDPOINT)
    pair = [key.decode() for key in client] if client else [None, None]
    connection = Connection(bound, os.getpid(), __version__, server[0].decode() if server else None, *pair)
    return Door(socket, connection, key_ring, secret, endpoint)


def _socket(context: zmq.Context[Any], secret: bytes, domain: str) -> zmq.Socket[Any]:
    """A socket with all its limits; one that asks for keys where there is a secret."""
    socket: zmq.Socket[Any] = context.socket(zmq.ROUTER)
    harden(socket)
    socket.setsockopt(zmq.RCVHWM, RECEIVE_HIGH_WATER)
    # A client that has gone is an error at once, not a message dropped in silence.
    socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
    if secret:
        socket.setsockopt(zmq.CURVE_SERVER, 1)
        socket.setsockopt(zmq.CURVE_SECRETKEY, secret)
        socket.setsockopt(zmq.ZAP_DOMAIN, domain.encode())
    return socket
