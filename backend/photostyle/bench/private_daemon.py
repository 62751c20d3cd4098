"""A daemon of the measurement's own, and how long it takes to be there."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import psutil

from photostyle.bench.clock import Used
from photostyle_protocol.client import Client
from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.launch import ensure_daemon

_FOLDER = "PHOTOSTYLE_RUNTIME_DIR"
_THREADS = "OMP_NUM_THREADS"
_PATIENCE = 60.0
_PAUSE = 0.005


class PrivateDaemon:
    """A running daemon and a conversation with it.

    Attributes:
        client: The conversation.
        starts: What it took until the broker answered, and until the worker was ready.
    """

    def __init__(self, device: str) -> None:
        begin = time.perf_counter()
        connection = ensure_daemon(deadline=_PATIENCE, device=device)
        self._broker = psutil.Process(connection.pid)
        answered = Used(time.perf_counter() - begin, _cpu(self._broker))
        self.client = Client.connect()
        try:
            self.worker = self._ready(begin + _PATIENCE)
        except BaseException:
            self.close()
            raise
        self.starts = {"broker ready": answered, "worker ready": Used(time.perf_counter() - begin, _cpu(self.worker))}

    def _ready(self, until: float) -> psutil.Process:
        while time.perf_counter() < until:
            worker = self.client.status()["worker"]
            if worker["state"] == "idle":
                return psutil.Process(worker["pid"])
            if worker["state"] == "failed":
                break
            time.sleep(_PAUSE)
        raise DaemonUnavailableError("The daemon's worker is not ready.", "See: photostyle doctor")

    def used(self) -> Used:
        """By this process, the broker and the worker so far."""
        own = Used.now()
        return Used(own.wall, own.cpu + _cpu(self._broker) + _cpu(self.worker))

    def close(self) -> None:
        """End it, and wait until it has ended."""
        with self.client:
            self.client.shutdown()
        self._broker.wait(_PATIENCE)


@contextlib.contextmanager
def private_daemon(device: str, threads: int) -> Iterator[PrivateDaemon]:
    """A daemon in a folder of its own; a person's own one is left alone."""
    with tempfile.TemporaryDirectory(prefix="ps-") as folder, _environment(folder, threads):
        daemon = PrivateDaemon(device)
        try:
            yield daemon
        finally:
            daemon.close()


@contextlib.contextmanager
def _environment(folder: str, threads: int) -> Iterator[None]:
    wanted = {_FOLDER: folder} | ({_THREADS: str(threads)} if threads else {})
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def help_used() -> Used:
    """What ``photostyle --help`` takes."""
    begin, before = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "photostyle.cli", "--help"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Used(time.perf_counter() - begin, cpu)
