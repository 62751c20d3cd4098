"""Clients that have said hello."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from photostyle.daemon.doors import Door
from photostyle_protocol.errors import BusyError

SESSIONS = 64
"""Clients that one door lets in, so that a network cannot lock out the person's own programs."""


@dataclass(frozen=True)
class Peer:
    """Who is at the other end of a connection.

    Attributes:
        door: Where it came in.
        identity: Its name at that door.
        key: Its public key (Z85), at a door with CURVE: who takes the name of somebody else is not taken for them.
    """

    door: Door
    identity: bytes
    key: str


@dataclass(eq=False)
class Session:
    """One client.

    Attributes:
        peer: Who it is.
        heard: When it last said something, seconds of the monotonic clock.
    """

    peer: Peer
    heard: float


@dataclass
class Sessions:
    """All clients of the daemon."""

    _by_peer: dict[Peer, Session] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._by_peer)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._by_peer.values()))

    def open(self, peer: Peer) -> Session:
        """The session of a client that says hello.

        Raises:
            BusyError: Too many clients.
        """
        known = self.find(peer)
        if known is not None:
            return known
        if sum(other.door is peer.door for other in self._by_peer) >= SESSIONS:
            raise BusyError(f"{SESSIONS} clients are connected already.", "Close one.")
        session = self._by_peer[peer] = Session(peer, time.monotonic())
        return session

    def find(self, peer: Peer) -> Session | None:
        """The session of a client, which is thereby heard of, if it has one."""
        session = self._by_peer.get(peer)
        if session is not None:
            session.heard = time.monotonic()
        return session

    def silent(self, seconds: float) -> list[Session]:
        """Clients that have said nothing for so long."""
        limit = time.monotonic() - seconds
        return [session for session in self if session.heard < limit]

    def excuse(self, seconds: float) -> None:
        """Nobody could be heard for so long."""
        for session in self:
            session.heard += seconds

    def revoked(self) -> list[Session]:
        """Clients whose key is not on the list of their door any more."""
        return [session for session in self if not session.peer.door.admits(session.peer.key)]

    def close(self, session: Session) -> None:
        """Forget a client."""
        self._by_peer.pop(session.peer, None)

    def is_open(self, session: Session) -> bool:
        """Whether the client has not been forgotten."""
        return self._by_peer.get(session.peer) is session
