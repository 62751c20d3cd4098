"""Messages from a socket, of which no more is kept than a message may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import zmq

from photostyle_protocol.limits import FRAMES

BATCH = 16
"""Messages taken in before somebody else has their turn."""

PARTS_AT_ONCE = 4096
"""Frames of one message taken in before somebody else has their turn."""

_KEPT = 1 + FRAMES + 1
"""The name of the sender, a whole message, and one frame more, which shows that there are too many."""


class Intake:
    """Takes in what has come by one socket.

    ZeroMQ limits the length of a frame and the number of messages that wait, but not the number of frames in a
    message. Those beyond the limit are dropped one by one.

    Args:
        socket: Where messages come from.
    """

    def __init__(self, socket: zmq.Socket[Any]) -> None:
        self.socket = socket
        self._frames: list[zmq.Frame] = []

    def messages(self) -> Iterator[list[zmq.Frame]]:
        """What has come, but not so much that others must wait."""
        for _ in range(BATCH):
            frames = self._next()
            if frames is None:
                return
            yield frames

    def _next(self) -> list[zmq.Frame] | None:
        """The next message, or nothing while it has not come whole."""
        for _ in range(PARTS_AT_ONCE):
            try:
                frame = self.socket.recv(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return None
            if len(self._frames) < _KEPT:
                self._frames.append(frame)
            if not frame.more:
                whole, self._frames = self._frames, []
                return whole
        return None
