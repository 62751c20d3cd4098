"""Real daemons in processes of their own, with workers that play a part."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from photostyle_protocol.client import Client
from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, Scalar, Settings, StylizeRequest
from support.waiting import wait_for

PROGRAMS = Path(__file__).parents[1] / "daemon" / "programs"
PLAY_WORKER = [sys.executable, str(PROGRAMS / "play_worker.py")]
BRIDGE = [sys.executable, "-m", "photostyle.cli", "bridge"]
Start = Callable[..., "RunningDaemon"]

BOTH_WAYS = pytest.mark.parametrize("way", ["zmq", "bridge"])
"""For tests of what a client sees, whatever carries its messages."""


def reach(folder: Path, way: str, timeout: float = 5.0) -> Client:
    """A client of the daemon that lives in this folder."""
    endpoint = str(folder / "connection.json")
    if way == "zmq":
        return Client.connect(endpoint, timeout)
    return Client.over_bridge([*BRIDGE, "--endpoint", endpoint], max(timeout, 25.0))


class RunningDaemon:
    """A daemon process, the folder in which it lives, and the way by which clients reach it."""

    def __init__(self, folder: Path, config: dict[str, Any], way: str) -> None:
        self.folder = folder
        self.way = way
        self.log_path = folder / "daemon.log"
        file = folder / "config.json"
        file.write_text(json.dumps({"worker_command": PLAY_WORKER, **config}))
        with self.log_path.open("ab") as log:
            command = [sys.executable, str(PROGRAMS / "run_daemon.py"), str(file)]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def connect(self, timeout: float = 5.0) -> Client:
        return reach(self.folder, self.way, timeout)

    def connect_straight(self, timeout: float = 5.0) -> Client:
        return reach(self.folder, "zmq", timeout)

    def wait_for_hello(self) -> None:
        def try_hello() -> bool:
            assert self.process.poll() is None, self.log
            with contextlib.suppress(DaemonUnavailableError), self.connect_straight(1.0):
                return True
            return False

        wait_for(try_hello, 10.0, "a hello")

    def wait_for_worker(self, state: str = "idle") -> int:
        def probe() -> int:
            with self.connect_straight() as client:
                worker = client.status()["worker"]
            return (worker["pid"] or 1) if worker["state"] == state else 0

        return wait_for(probe, 20.0, f"a worker that is {state}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


@contextlib.contextmanager
def daemons_in(runtime_dir: Path, way: str = "zmq") -> Iterator[Start]:
    """Start daemons that live in this runtime directory; they end with the block, cleanly."""
    running: list[RunningDaemon] = []

    def start_one(hello: bool = True, **config: Any) -> RunningDaemon:
        daemon = RunningDaemon(runtime_dir, config, way)
        running.append(daemon)
        if hello:
            daemon.wait_for_hello()
        return daemon

    try:
        yield start_one
    finally:
        codes = [daemon.stop() for daemon in running if daemon.process.poll() is None]
    if (runtime_dir / "connection.json").exists():
        # One was killed. What it left is for the next one to remove.
        start_one()
        codes.append(running[-1].stop())
    assert not any(codes), runtime_dir.joinpath("daemon.log").read_text()


@pytest.fixture
def way() -> str:
    """How clients reach the daemons that a test starts; see `BOTH_WAYS`."""
    return "zmq"


@pytest.fixture
def start(runtime_dir: Path, way: str) -> Iterator[Start]:
    """Start daemons, whose fields of `DaemonConfig` are given; they end with the test, cleanly."""
    with daemons_in(runtime_dir, way) as start:
        yield start


@pytest.fixture
def daemon(start: Start) -> RunningDaemon:
    """A daemon that answers."""
    return start()


@pytest.fixture
def client(daemon: RunningDaemon) -> Iterator[Client]:
    """A client of `daemon`."""
    with daemon.connect() as client:
        yield client


SPEC = ImageSpec(20, 30, 3, "uint8")
PIXELS = bytes(i % 251 for i in range(SPEC.nbytes))


def play(client: Client, part: str, preview: bool = False, **options: Scalar) -> StylizeRequest:
    """A request that lets the worker play this part."""
    name = client.put(SPEC, PIXELS)
    return StylizeRequest(name, (RegionRef(name),), settings=Settings(part, options=options), preview=preview)


def is_alive(pid: int) -> bool:
    """Whether a process lives; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def environment() -> dict[str, str]:
    """The environment for a process that imports what this one can, `support` included."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
