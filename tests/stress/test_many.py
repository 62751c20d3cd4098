"""Many clients at once, and many jobs one after the other."""

import os
import threading

import numpy as np
import pytest

from photostyle.daemon.config import WORKER_COMMAND
from photostyle_protocol.client import Client
from photostyle_protocol.errors import BusyError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from support.daemon import RunningDaemon, Start
from support.figures import figures, grown
from support.waiting import wait_for

SPEC = ImageSpec(16, 24, 3, "uint8")
CLIENTS = 50
JOBS = 5000
WARM_UP = 500


def job_of(client: Client, pixels: bytes) -> bytes:
    """Its pixels, inverted by the worker; asked again where too many others wait."""
    name = client.put(SPEC, pixels)
    request = StylizeRequest(name, (RegionRef(name),), settings=Settings("invert"))

    def once() -> bytes:
        try:
            return bytes(client.get(client.stylize(request).digest)[1])
        except BusyError:
            return b""

    return wait_for(once, 60.0, "a place in the queue")


@pytest.mark.parametrize("rounds", [2, pytest.param(40, marks=pytest.mark.stress)])
def test_fifty_clients_at_once(start: Start, rounds: int) -> None:
    """Each gets its own pixels, though there is room for 32 jobs."""
    daemon = start()
    wrong: list[str] = []
    gate = threading.Barrier(CLIENTS)
    threads = [threading.Thread(target=one_client, args=(daemon, n, rounds, gate, wrong)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    with daemon.connect() as client:
        status = client.status()
    assert status["jobs"]["done"] == CLIENTS * rounds
    assert status["jobs"]["failed"] == 0


def one_client(daemon: RunningDaemon, number: int, rounds: int, gate: threading.Barrier, wrong: list[str]) -> None:
    with daemon.connect(30.0) as client:
        gate.wait(60)
        for turn in range(rounds):
            pixels = np.random.default_rng([number, turn]).integers(0, 256, SPEC.nbytes, np.uint8)
            if job_of(client, pixels.tobytes()) != (255 - pixels).tobytes():
                wrong.append(f"client {number}, job {turn}")


@pytest.mark.stress
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("method", ["monge-kantorovich", "reinhard"])
def test_five_thousand_jobs(start: Start, method: str) -> None:
    """Memory, open files and threads of daemon and worker stay where they are."""
    daemon = start(store_bytes=40 * SPEC.nbytes, worker_command=list(WORKER_COMMAND), device="cpu")
    pids = daemon.process.pid, daemon.wait_for_worker()
    with daemon.connect(60.0) as client:
        for number in range(JOBS):
            if number == WARM_UP:
                before = figures(*pids)
            content, style = (client.put(SPEC, os.urandom(SPEC.nbytes)) for _ in range(2))
            result = client.stylize(StylizeRequest(content, (RegionRef(style),), settings=Settings(method)))
            assert client.get(result.digest)[0] == SPEC
        after, status = figures(*pids), client.status()
    print(method, before, after)
    assert (status["worker"]["pid"], status["jobs"]["done"]) == (pids[1], JOBS)
    assert status["store"]["bytes"] <= status["store"]["budget"]
    assert not grown(before, after, mebibytes=8)
