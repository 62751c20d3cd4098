"""What carries messages between a client and its daemon; a message is a list of frames."""

from __future__ import annotations

from typing import Any, List, Optional, Protocol, Sequence


class Transport(Protocol):
    """One connection to one daemon. Use it from one thread at a time.

    Attributes:
        where: What it reaches, for the sentence of an error.
    """

    where: str

    def send(self, frames: Sequence[Any], timeout: float) -> None:
        """Send one message; the frames' memory is free again afterwards.

        Raises:
            DaemonUnavailableError: It is not taken within `timeout` seconds.
        """

    def receive(self, timeout: float) -> Optional[List[Any]]:
        """The next message, or ``None`` after `timeout` seconds.

        Raises:
            DaemonUnavailableError: The other side has gone, and nothing that it said is left to read.
            ProtocolError: It broke the rules of the wire.
        """

    def close(self) -> None:
        """Let the connection go; what was just sent has a moment to leave."""
