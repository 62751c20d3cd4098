"""Killed without a warning: worker, broker and client, at every stage; what is left, and that all goes on."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from photostyle.daemon.store import writable_memory
from photostyle_protocol.client import Client
from photostyle_protocol.errors import PhotostyleError
from photostyle_protocol.images import ImageSpec, digest
from support.daemon import PIXELS, SPEC, RunningDaemon, Start, environment, is_alive, play
from support.leaks import store_name
from support.raw_client import serves
from support.waiting import wait_for

pytestmark = pytest.mark.stress

BIG = ImageSpec(2000, 1000, 3, "uint8")
STAGES = ("greeted", "sending", "waiting", "running", "drawing", "fetching")

REACH_A_STAGE = """
import sys, time
from pathlib import Path
from support.daemon import reach
from stress_stages import reach_stage
with reach(Path(sys.argv[1]), "zmq") as client:
    reach_stage(client, sys.argv[2])
    print("there", flush=True)
    while True:
        client.next_event(1.0)
"""


def reach_stage(client: Client, stage: str) -> None:
    """Bring a conversation to where it is to be broken off."""
    if stage == "sending":
        assert not client.send_band(digest(BIG, bytes(BIG.nbytes)), BIG, 0, bytes(1000))
    elif stage == "waiting":
        client.submit(play(client, "steps", count=3000))
        client.submit(play(client, "invert"))
    elif stage == "running":
        client.submit(play(client, "steps", count=3000))
        wait_for(lambda: client.status()["jobs"]["running"])
    elif stage == "drawing":
        client.next_event(5.0, client.submit(play(client, "invert")))
    elif stage == "fetching":
        client.fetch_band(client.stylize(play(client, "invert")).digest, 0, 10)


def store_of(daemon: RunningDaemon) -> Path:
    memory = writable_memory()
    return memory / store_name(daemon.folder) if memory else daemon.folder / "store"


def is_at_rest(daemon: RunningDaemon) -> bool:
    """No job, no half picture, nothing half drawn."""
    with daemon.connect_straight() as client:
        jobs = client.status()["jobs"]
    leftovers = [path.name for path in store_of(daemon).glob("*") if path.name.startswith(("part-", "result-"))]
    return not jobs["running"] and not jobs["waiting"] and not leftovers


@pytest.mark.parametrize("stage", STAGES)
def test_the_worker(daemon: RunningDaemon, stage: str) -> None:
    """Its job is done once more by another one; nobody else notices."""
    worker = daemon.wait_for_worker()
    with daemon.connect() as client:
        reach_stage(client, stage)
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: client.status()["worker"]["pid"] != worker)
        assert serves_after(client)
    wait_for(lambda: is_at_rest(daemon), 10.0)


def serves_after(client: Client) -> bool:
    for job in range(1, 5):
        client.cancel(job)
    result = client.stylize(play(client, "invert"))
    return client.get(result.digest)[1] == bytes(255 - value for value in PIXELS)


@pytest.mark.parametrize("stage", STAGES)
def test_the_broker(start: Start, stage: str) -> None:
    """Its worker ends with it, its client hears of it, and the next daemon starts with an empty store."""
    daemon = start()
    worker = daemon.wait_for_worker()
    with daemon.connect() as client:
        reach_stage(client, stage)
        daemon.stop(signal.SIGKILL)
        wait_for(lambda: not is_alive(worker), 5.0, "the end of the worker")
        with contextlib.suppress(PhotostyleError):
            client.status()
    again = start()
    with again.connect() as client:
        status = client.status()
        assert (status["pid"], status["store"]["images"]) == (again.process.pid, 0)
    assert is_at_rest(again)
    assert [path for path in store_of(again).iterdir() if path.is_file()] == []
    assert serves(again)


@pytest.mark.parametrize("stage", STAGES)
def test_the_client(start: Start, stage: str) -> None:
    """The daemon frees what it has left behind, and its worker lives on."""
    daemon = start(silence_s=2.5)
    worker = daemon.wait_for_worker()
    script = REACH_A_STAGE.replace("stress_stages", "stress.test_killed")
    command = [sys.executable, "-c", script, str(daemon.folder), stage]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout.readline() == "there\n"
        process.kill()
    wait_for(lambda: is_at_rest(daemon), 10.0, "the end of what it left")
    with daemon.connect() as client:
        assert client.status()["store"]["bytes"] <= 3 * SPEC.nbytes
    assert serves(daemon)
    assert psutil.pid_exists(worker)
    assert daemon.wait_for_worker() == worker
