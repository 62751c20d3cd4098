"""The ways to the backend: ZeroMQ, the bridge, and a sentence where there is neither."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from photostyle_plugin import connect
from photostyle_plugin.backend import FILE
from photostyle_plugin.errors import BackendMissingError
from photostyle_plugin.session import Session
from photostyle_protocol.client import Client
from photostyle_protocol.errors import DaemonUnavailableError
from support.daemon import RunningDaemon, environment
from support.waiting import wait_for


@pytest.fixture(autouse=True)
def no_backend(tmp_path: Path, runtime_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PHOTOSTYLE_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.delenv("PHOTOSTYLE_BACKEND", raising=False)
    return tmp_path


def install(folder: Path, *command: str) -> None:
    (folder / FILE).write_text(json.dumps({"command": command}))


@pytest.fixture
def without_zmq(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "can_import_zmq", lambda: False)


def test_no_backend() -> None:
    with pytest.raises(BackendMissingError, match="not installed"):
        connect.connect_client()


@pytest.mark.usefixtures("without_zmq")
def test_no_backend_and_no_zmq() -> None:
    with pytest.raises(BackendMissingError):
        connect.connect_client()


def test_a_daemon_that_runs_is_enough(daemon: RunningDaemon) -> None:
    with connect.connect_client() as client:
        assert client.status()["pid"] == daemon.process.pid


def end(session: Session) -> None:
    pid = session.call(lambda client: client.status()["pid"]).result(30)
    session.call(Client.shutdown).result(30)
    session.close()
    wait_for(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes(), 20)


def test_the_daemon_is_started(no_backend: Path) -> None:
    install(no_backend, sys.executable, "-m", "photostyle.cli")
    session = Session()
    session.start()
    assert session.state.sentence() == "Starting the backend…"
    wait_for(lambda: session.state.kind == "ready", 60, "the daemon")
    end(session)


@pytest.mark.usefixtures("without_zmq")
def test_the_daemon_is_started_over_the_bridge(no_backend: Path) -> None:
    install(no_backend, sys.executable, "-m", "photostyle.cli")
    session = Session()
    session.start()
    wait_for(lambda: session.state.kind == "ready", 60, "the daemon")
    end(session)


BARE = """
import sys
sys.modules["zmq"] = None
from photostyle_plugin.session import Session
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, StylizeRequest
import msgpack
assert msgpack.Packer.__module__ == "msgpack.fallback"
session = Session()
session.start()
name = session.call(lambda client: client.put(ImageSpec(1, 2, 3, "uint8"), bytes(6))).result(60)
digest = session.submit(StylizeRequest(name, (RegionRef(name),))).result(60).digest
print(session.call(lambda client: client.get(digest)[1].hex()).result(60))
session.close()
"""


def test_a_python_without_any_compiled_package(no_backend: Path, daemon: RunningDaemon) -> None:
    install(no_backend, sys.executable, "-m", "photostyle.cli")
    everything = {**environment(), "MSGPACK_PUREPYTHON": "1"}
    command = [sys.executable, "-c", BARE]
    done = subprocess.run(command, env=everything, capture_output=True, text=True, timeout=100, check=False)
    assert (done.stdout, done.stderr) == ("ffffffffffff\n", "")


def test_a_backend_that_cannot_start(no_backend: Path) -> None:
    install(no_backend, sys.executable, "-c", "import sys; sys.exit('the scenery fell down')")
    with pytest.raises(DaemonUnavailableError, match="the scenery fell down"):
        connect.connect_client()
