"""A client's socket: messages out, messages in, nothing about what they mean."""

from __future__ import annotations

import contextlib
from typing import Any, Optional

import zmq

from photostyle_protocol.connection import Connection
from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.frames import Received, decode, encode
from photostyle_protocol.messages import FROM_DAEMON
from photostyle_protocol.sockets import harden, use_curve

SEND_SECONDS = 20.0
CLOSE_MS = 100


class Channel:
    """One DEALER socket to one daemon. Use it from one thread at a time."""

    def __init__(self, connection: Connection) -> None:
        self.endpoint = connection.endpoint
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        try:
            harden(self._socket)
            self._socket.setsockopt(zmq.SNDTIMEO, int(SEND_SECONDS * 1000))
            use_curve(self._socket, connection)
            self._socket.connect(connection.endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise DaemonUnavailableError(f"{connection.endpoint!r} is no address of a daemon: {error}.") from error

    def send(self, message: Any, pixels: Any = None) -> None:
        """Send one message.

        Raises:
            DaemonUnavailableError: The daemon does not take it.
        """
        frames = [encode(message)] if pixels is None else [encode(message), pixels]
        try:
            # copy=False would keep the caller's buffer alive and exported after the call.
            self._socket.send_multipart(frames, copy=True)
        except zmq.Again as error:
            raise DaemonUnavailableError(f"The daemon at {self.endpoint} takes no more messages.") from error

    def receive(self, timeout: float) -> Optional[Received]:
        """The next message, or ``None`` after `timeout` seconds.

        Raises:
            ProtocolError: The daemon broke the rules of the wire.
        """
        if not self._socket.poll(max(0, int(timeout * 1000))):
            return None
        frames = self._socket.recv_multipart(copy=False)
        return decode(FROM_DAEMON, [frame.buffer for frame in frames])

    def close(self, last: Any = None) -> None:
        """Let the socket go; a `last` message has a moment to leave."""
        if last is not None:
            with contextlib.suppress(zmq.Again):
                self._socket.send(encode(last), zmq.NOBLOCK)
        self._socket.close(linger=CLOSE_MS)
        self._context.term()
