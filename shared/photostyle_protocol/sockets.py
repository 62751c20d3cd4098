"""Limits that every socket of the wire carries, and CURVE on a client's side."""

from __future__ import annotations

from typing import Any

import zmq

from photostyle_protocol import limits
from photostyle_protocol.connection import Connection


def harden(socket: "zmq.Socket[Any]") -> None:
    """Set the limits before the socket binds or connects."""
    socket.setsockopt(zmq.MAXMSGSIZE, limits.BAND_BYTES)
    socket.setsockopt(zmq.SNDHWM, limits.HIGH_WATER)
    socket.setsockopt(zmq.RCVHWM, limits.HIGH_WATER)
    socket.setsockopt(zmq.HANDSHAKE_IVL, limits.HANDSHAKE_MS)
    # Not ZeroMQ's own heartbeats: one that is due while a full queue is waiting for its reader, and whose sender has
    # gone meanwhile, ends the whole process (libzmq 4.3.5: "Assertion failed: !_io_error"). That is an editor, here.
    socket.setsockopt(zmq.HEARTBEAT_IVL, 0)
    socket.setsockopt(zmq.TCP_KEEPALIVE, 1)
    socket.setsockopt(zmq.TCP_KEEPALIVE_IDLE, limits.KEEPALIVE_SECONDS)
    socket.setsockopt(zmq.TCP_KEEPALIVE_INTVL, limits.KEEPALIVE_SECONDS)
    socket.setsockopt(zmq.TCP_KEEPALIVE_CNT, 3)
    socket.setsockopt(zmq.LINGER, 0)


def use_curve(socket: "zmq.Socket[Any]", connection: Connection) -> None:
    """Encrypt a client's socket, where the daemon asks for it."""
    if connection.server_key and connection.client_public and connection.client_secret:
        socket.setsockopt_string(zmq.CURVE_SERVERKEY, connection.server_key)
        socket.setsockopt_string(zmq.CURVE_PUBLICKEY, connection.client_public)
        socket.setsockopt_string(zmq.CURVE_SECRETKEY, connection.client_secret)
