"""Clients that have said hello."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from photostyle.daemon.doors import Door
from photostyle_protocol.errors import BusyError

SESSIONS = 64


@dataclass(eq=False)
class Session:
    """One client.

    Attributes:
        door: Where it came in.
        identity: Its name at that door.
        heard: When it last said something, seconds of the monotonic clock.
    """

    door: Door
    identity: bytes
    heard: float


@dataclass
class Sessions:
    """All clients of the daemon."""

    _by_key: dict[tuple[int, bytes], Session] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._by_key)

    def all(self) -> list[Session]:
        """Every client."""
        return list(self._by_key.values())

    def open(self, door: Door, identity: bytes) -> Session:
        """The session of a client that says hello.

        Raises:
            BusyError: Too many clients.
        """
        known = self.find(door, identity)
        if known is not None:
            return known
        if len(self._by_key) >= SESSIONS:
            raise BusyError(f"{SESSIONS} clients are connected already.", "Close one.")
        session = self._by_key[id(door), identity] = Session(door, identity, time.monotonic())
        return session

    def find(self, door: Door, identity: bytes) -> Session | None:
        """The session of a client, which is thereby heard of, if it has one."""
        session = self._by_key.get((id(door), identity))
        if session is not None:
            session.heard = time.monotonic()
        return session

    def silent(self, seconds: float) -> list[Session]:
        """Clients that have said nothing for so long."""
        limit = time.monotonic() - seconds
        return [session for session in self.all() if session.heard < limit]

    def close(self, session: Session) -> None:
        """Forget a client."""
        self._by_key.pop((id(session.door), session.identity), None)

    def is_open(self, session: Session) -> bool:
        """Whether the client has not been forgotten."""
        return self._by_key.get((id(session.door), session.identity)) is session
