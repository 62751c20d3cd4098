"""Keys for a daemon that is reached over a network."""

from __future__ import annotations

from pathlib import Path

import zmq

from photostyle_protocol.connection import Connection, write_connection


def make_client(path: Path, endpoint: str, server_key: str) -> str:
    """Make a key pair for a client and write the connection file with which it reaches a distant daemon.

    Args:
        path: The new connection file, mode 0600; `Client.connect` takes its path.
        endpoint: Where the daemon listens, ``tcp://host:port``.
        server_key: The daemon's public key (Z85).

    Returns:
        The client's public key, one line for the daemon's list of allowed keys.
    """
    public, secret = (key.decode("ascii") for key in zmq.curve_keypair())
    write_connection(path, Connection(endpoint, 0, "", server_key, public, secret))
    return public
