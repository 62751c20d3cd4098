"""A client's end of a conversation: messages out, messages in, nothing about what they mean."""

from __future__ import annotations

import contextlib
from typing import Any, Optional

from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.frames import Received, decode, encode
from photostyle_protocol.messages import FROM_DAEMON
from photostyle_protocol.transport import Transport

SEND_SECONDS = 20.0


class Channel:
    """Messages over a transport. Use it from one thread at a time."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def where(self) -> str:
        """What is reached, for the sentence of an error."""
        return self._transport.where

    def send(self, message: Any, pixels: Any = None) -> None:
        """Send one message.

        Raises:
            DaemonUnavailableError: The daemon does not take it.
        """
        frames = [encode(message)] if pixels is None else [encode(message), pixels]
        self._transport.send(frames, SEND_SECONDS)

    def receive(self, timeout: float) -> Optional[Received]:
        """The next message, or ``None`` after `timeout` seconds.

        Raises:
            DaemonUnavailableError: The daemon has gone.
            ProtocolError: The daemon broke the rules of the wire.
        """
        frames = self._transport.receive(timeout)
        return None if frames is None else decode(FROM_DAEMON, frames)

    def close(self, last: Any) -> None:
        """Say a `last` word, if somebody listens, and let the transport go."""
        with contextlib.suppress(DaemonUnavailableError):
            self._transport.send([encode(last)], 0.0)
        self._transport.close()
