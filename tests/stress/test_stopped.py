"""Whoever is stopped, and continued later: a client, the daemon, its worker."""

import signal
import subprocess
import sys
import time

import msgpack
import psutil
import pytest

from photostyle_protocol import messages as m
from support.daemon import RunningDaemon, Start, environment, play
from support.raw_client import HELLO, RawClient, serves
from support.waiting import wait_for

WORK_ON = """
import sys
from pathlib import Path
from photostyle_protocol.errors import PhotostyleError
from support.daemon import play, reach
client = reach(Path(sys.argv[1]), "zmq")
lost = 0
for line in sys.stdin:
    try:
        client.stylize(play(client, "steps", count=int(line)))
    except PhotostyleError:
        lost += 1
    print(lost, flush=True)
"""


@pytest.mark.stress
def test_a_client_that_is_stopped_for_a_while(start: Start) -> None:
    """The daemon gives up on it, and serves it again."""
    daemon = start(silence_s=3.0)
    daemon.wait_for_worker()
    command = [sys.executable, "-c", WORK_ON, str(daemon.folder)]
    with (
        subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=environment()) as process,
        daemon.connect() as other,
    ):
        process.stdin.write("3000\n")
        process.stdin.flush()
        wait_for(lambda: other.status()["jobs"]["running"], 10.0)
        process.send_signal(signal.SIGSTOP)
        wait_for(lambda: not other.status()["jobs"]["running"], 10.0)
        process.send_signal(signal.SIGCONT)
        process.stdin.write("3\n")
        process.stdin.flush()
        assert [process.stdout.readline() for _ in range(2)] == ["1\n", "1\n"]
        process.stdin.close()


def test_a_daemon_that_is_stopped_for_a_while(start: Start) -> None:
    """It hears what was said meanwhile before it takes anybody for gone."""
    daemon = start(silence_s=2.0)
    clients = [RawClient(daemon) for _ in range(40)]
    for client in clients:
        client.ask(HELLO)
    for client in clients:
        assert client.ask(HELLO)["type"] == "welcome"
    daemon.process.send_signal(signal.SIGSTOP)
    for client in clients:
        client.socket.send(msgpack.packb({"type": "ping", "id": 2}))
    time.sleep(3.0)
    daemon.process.send_signal(signal.SIGCONT)
    answers = [client.answer() for client in clients]
    for client in clients:
        client.close()
    assert answers == [{"type": "pong", "id": 2}] * len(clients)


def test_a_worker_that_is_stopped_for_a_while(house: RunningDaemon) -> None:
    worker = psutil.Process(house.wait_for_worker())
    with house.connect() as client:
        job = client.submit(play(client, "steps", count=50))
        wait_for(lambda: client.status()["jobs"]["running"])
        worker.suspend()
        time.sleep(1.0)
        assert client.status()["jobs"]["running"] == 1
        worker.resume()
        assert isinstance(final(client, job), m.Result)
    assert house.wait_for_worker() == worker.pid


def test_a_job_of_a_stopped_worker_can_be_cancelled(daemon: RunningDaemon) -> None:
    worker = psutil.Process(daemon.wait_for_worker())
    with daemon.connect() as client:
        job = client.submit(play(client, "steps", count=3000))
        wait_for(lambda: client.status()["jobs"]["running"])
        worker.suspend()
        client.cancel(job)
        assert isinstance(final(client, job), m.Cancelled)
    wait_for(lambda: is_gone(worker))
    assert serves(daemon)


def test_a_stopped_worker_ends_with_its_broker(start: Start) -> None:
    """It could not notice by itself."""
    daemon = start()
    worker = psutil.Process(daemon.wait_for_worker())
    worker.suspend()
    daemon.stop(signal.SIGKILL)
    wait_for(lambda: is_gone(worker))


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def final(client, job: int):
    while True:
        event = client.next_event(10.0, job)
        assert event is not None
        if isinstance(event, m.FINAL_EVENTS):
            return event
