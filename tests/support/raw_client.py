"""Clients that keep to no rules."""

from __future__ import annotations

import socket
import struct
from typing import Any

import msgpack
import zmq

from photostyle_protocol.connection import read_connection
from photostyle_protocol.errors import PhotostyleError
from photostyle_protocol.limits import PROTOCOL
from support.daemon import PIXELS, RunningDaemon, play

HELLO = {"type": "hello", "id": 1, "protocol": PROTOCOL, "client": "raw"}
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER\x08Identity\x00\x00\x00\x00"
MORE, LONG, COMMAND = 1, 2, 4


class RawClient:
    """Sends whatever it likes, in whole messages."""

    def __init__(self, daemon: RunningDaemon, identity: bytes = b"") -> None:
        self.context: zmq.Context[Any] = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        if identity:
            self.socket.routing_id = identity
        self.socket.connect(read_connection(daemon.folder / "connection.json").endpoint)

    def ask(self, header: Any, *frames: bytes) -> dict[str, Any]:
        """Send a header with its frames; the next answer."""
        return self.ask_frames(msgpack.packb(header), *frames)

    def ask_frames(self, *frames: bytes) -> dict[str, Any]:
        """Send frames; the next answer."""
        self.socket.send_multipart(list(frames))
        return self.answer()

    def answer(self, seconds: float = 5.0) -> dict[str, Any]:
        """The header of what comes next."""
        assert self.socket.poll(int(seconds * 1000)), "no answer"
        return dict(msgpack.unpackb(self.socket.recv_multipart()[0]))

    def close(self) -> None:
        """Vanish, without a word."""
        self.socket.close()
        self.context.term()


class RawStream:
    """Speaks ZMTP 3.1 by itself over the daemon's Unix socket, so that it can stop anywhere.

    Args:
        daemon: Whose socket.
        handshake: Whether to greet and shake hands first.
    """

    def __init__(self, daemon: RunningDaemon, handshake: bool = True) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(read_connection(daemon.folder / "connection.json").endpoint.removeprefix("ipc://"))
        if handshake:
            self.socket.sendall(GREETING)
            self.read(64)
            self.socket.sendall(bytes([COMMAND, len(READY)]) + READY)
            self.frame()

    def send(self, data: bytes, flags: int = 0, announced: int | None = None) -> None:
        """One frame, which may announce another length than it has."""
        length = len(data) if announced is None else announced
        self.socket.sendall(bytes([flags | LONG]) + struct.pack(">Q", length) + data)

    def read(self, count: int) -> bytes:
        """Exactly so many bytes."""
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            assert piece, "closed"
            data += piece
        return data

    def frame(self) -> bytes:
        """The next frame's body."""
        flags = self.read(1)[0]
        length = struct.unpack(">Q", self.read(8))[0] if flags & LONG else self.read(1)[0]
        return self.read(length)

    def is_closed_within(self, seconds: float) -> bool:
        """Whether the daemon closes the connection."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(4096):
                pass
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True

    def close(self) -> None:
        """Vanish."""
        self.socket.close()

    def __enter__(self) -> RawStream:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def serves(daemon: RunningDaemon) -> bool:
    """Whether a client that knows how to behave has its pixels; an error if not."""
    with daemon.connect() as client:
        result = client.stylize(play(client, "invert"))
        return client.get(result.digest)[1] == bytes(255 - value for value in PIXELS)


def comes_in(daemon: RunningDaemon) -> bool:
    """Whether it serves already, or again."""
    try:
        return serves(daemon)
    except PhotostyleError:
        return False
