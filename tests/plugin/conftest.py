"""Sessions with real daemons."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from photostyle_plugin.session import Session
from support.daemon import RunningDaemon
from support.waiting import wait_for

Connect = Callable[[RunningDaemon], Session]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Sessions over ZeroMQ with a daemon; they end with the test."""
    sessions: list[Session] = []

    def connect_one(daemon: RunningDaemon) -> Session:
        session = Session(daemon.connect)
        sessions.append(session)
        session.start()
        wait_for(lambda: session.state.kind == "ready", 20, "a session that is ready")
        return session

    yield connect_one
    for session in sessions:
        session.close()


@pytest.fixture
def session(connect: Connect, daemon: RunningDaemon) -> Session:
    """A session with `daemon`, whose worker plays."""
    return connect(daemon)
