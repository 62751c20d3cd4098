"""The straight way to a daemon: a ZeroMQ socket, and a watch over whether somebody is at its other end."""

from __future__ import annotations

import math
import time
from typing import Any, List, Optional, Sequence

import zmq
from zmq.utils.monitor import recv_monitor_message

from photostyle_protocol.connection import Connection
from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.sockets import harden, use_curve

CLOSE_MS = 100
LOST_SECONDS = 1.0
"""A connection that is broken for so long is lost: a daemon that was restarted is back sooner."""

FIRST_SECONDS = 3.0
"""A daemon of this machine that is not even connected for so long is one that died and left its connection file."""


class ZmqTransport:
    """One DEALER socket to one daemon.

    Raises:
        DaemonUnavailableError: The endpoint is no address.
    """

    def __init__(self, connection: Connection) -> None:
        self.where = f"The daemon at {connection.endpoint}"
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._link = _Link(self._socket, FIRST_SECONDS if connection.pid else math.inf)
        self._poller = zmq.Poller()
        for inlet in (self._socket, self._link.monitor):
            self.wake_on(inlet)
        try:
            harden(self._socket)
            use_curve(self._socket, connection)
            self._socket.connect(connection.endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise DaemonUnavailableError(f"{connection.endpoint!r} is no address of a daemon: {error}.") from error

    def wake_on(self, inlet: "zmq.Socket[Any]") -> None:
        """Let `receive` return early when there is something to read in another socket."""
        self._poller.register(inlet, zmq.POLLIN)

    def send(self, frames: Sequence[Any], timeout: float) -> None:
        """See `Transport`."""
        if not self._socket.poll(_milliseconds(timeout), zmq.POLLOUT):
            raise DaemonUnavailableError(f"{self.where} takes no more messages.", "See: photostyle doctor.")
        # copy=False would keep the caller's buffer alive and exported after the call.
        self._socket.send_multipart(frames, zmq.NOBLOCK, copy=True)

    def receive(self, timeout: float) -> Optional[List[Any]]:
        """See `Transport`."""
        deadline = time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            ready = dict(self._poller.poll(_milliseconds(min(left, self._link.patience()))))
            if self._socket in ready:
                return [frame.buffer for frame in self._socket.recv_multipart(copy=False)]
            if self._link.monitor in ready:
                self._link.update()
                continue
            self._check_link()
            if ready or left <= 0:
                return None

    def _check_link(self) -> None:
        if self._link.is_refused:
            raise DaemonUnavailableError(
                f"{self.where} does not let this client in.", "A daemon on another machine must know this client's key."
            )
        if not self._link.patience():
            raise DaemonUnavailableError(f"{self.where} has gone.", "Start it again with: photostyle serve")

    def close(self) -> None:
        """See `Transport`."""
        self._link.close()
        self._socket.close(linger=CLOSE_MS)
        self._context.term()


class _Link:
    """Whether anybody is at the other end of a socket, as its monitor tells."""

    def __init__(self, socket: "zmq.Socket[Any]", first: float) -> None:
        self._socket = socket
        self.monitor = socket.get_monitor_socket(
            zmq.EVENT_CONNECTED | zmq.EVENT_DISCONNECTED | zmq.EVENT_HANDSHAKE_FAILED_AUTH
        )
        self.is_refused = False
        self._lost_at = time.monotonic() + first

    def update(self) -> None:
        """Take in what the monitor has to say."""
        while self.monitor.poll(0):
            event = recv_monitor_message(self.monitor)["event"]
            if event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                self.is_refused = True
            else:
                self._lost_at = time.monotonic() + LOST_SECONDS if event == zmq.EVENT_DISCONNECTED else math.inf

    def patience(self) -> float:
        """Seconds until a broken link is lost; 0 when it is, infinite while it holds."""
        return max(0.0, self._lost_at - time.monotonic())

    def close(self) -> None:
        self._socket.disable_monitor()
        self.monitor.close(linger=0)


def _milliseconds(seconds: float) -> int:
    return max(0, math.ceil(seconds * 1000))
