"""Sessions with real daemons, over both ways to reach them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from photostyle_plugin.session import Session
from photostyle_plugin.texts import use_language
from photostyle_protocol.client import Client
from support.daemon import RunningDaemon, Start
from support.editors.backend import Stage, staged_daemon
from support.waiting import wait_for

BRIDGE = [sys.executable, "-m", "photostyle.cli", "bridge"]
Connect = Callable[[Callable[[], Client]], Session]


@pytest.fixture(autouse=True)
def english() -> None:
    """The tests read the words, whatever the language of the machine."""
    use_language("en")


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Sessions that are ready; they end with the test."""
    sessions: list[Session] = []

    def connect_one(reach: Callable[[], Client]) -> Session:
        session = Session(reach)
        sessions.append(session)
        session.start()
        wait_for(lambda: session.state.kind != "starting", 40, "a session")
        assert session.state.error is None
        return session

    yield connect_one
    for session in sessions:
        session.close()


@pytest.fixture
def stage(start: Start, tmp_path: Path) -> Iterator[Stage]:
    """A daemon whose worker plays one part, whatever the method."""
    with staged_daemon(start, tmp_path / "play.json") as stage:
        yield stage


@pytest.fixture
def daemon(stage: Stage) -> RunningDaemon:
    """The daemon of `stage`."""
    return stage.daemon


@pytest.fixture
def session(connect: Connect, daemon: RunningDaemon) -> Session:
    """A session with the daemon on the `stage`."""
    return connect(daemon.connect)


@pytest.fixture(params=["zeromq", "bridge"])
def any_session(request: pytest.FixtureRequest, connect: Connect, daemon: RunningDaemon) -> Session:
    """The same, over each way."""
    return connect(daemon.connect if request.param == "zeromq" else lambda: Client.over_bridge(BRIDGE))
