"""Cancel within a second, at every stage, and the next job works."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from photostyle_protocol import messages as m
from photostyle_protocol.client import Client
from photostyle_protocol.errors import JobCancelledError
from support.daemon import BOTH_WAYS, RunningDaemon, Start, environment, play
from support.waiting import wait_for

pytestmark = BOTH_WAYS


def cancel_and_wait(client: Client, job: int) -> float:
    """Seconds from the wish to its confirmation."""
    began = time.monotonic()
    client.cancel(job)
    while True:
        event = client.next_event(5.0, job)
        assert event is not None
        if isinstance(event, m.FINAL_EVENTS):
            assert event == m.Cancelled(job, "asked")
            return time.monotonic() - began


@pytest.mark.parametrize("part", ["steps", "hang", "spin"])
def test_running(daemon: RunningDaemon, client: Client, part: str) -> None:
    """A method that asks often, one that sleeps for good, one that is deep in a library."""
    daemon.wait_for_worker()
    job = client.submit(play(client, part, count=3000))
    wait_for(lambda: client.status()["worker"]["state"] == "busy")
    assert cancel_and_wait(client, job) < 1.0
    assert client.stylize(play(client, "invert")).spec


def test_a_cooperative_worker_lives_on(daemon: RunningDaemon, client: Client) -> None:
    pid = daemon.wait_for_worker()
    job = client.submit(play(client, "steps", count=3000))
    assert client.next_event(5.0, job)
    assert cancel_and_wait(client, job) < 0.5
    assert daemon.wait_for_worker() == pid


def test_waiting(daemon: RunningDaemon, client: Client) -> None:
    client.submit(play(client, "steps", count=3000))
    job = client.submit(play(client, "invert"))
    assert cancel_and_wait(client, job) < 0.5


def test_loading(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAY_LOADING", "slow")
    monkeypatch.setenv("PLAY_SECONDS", "60")
    with start().connect() as client:
        job = client.submit(play(client, "invert"))
        assert cancel_and_wait(client, job) < 0.5
        assert client.status()["worker"]["state"] == "loading"


def test_should_cancel(client: Client) -> None:
    request = play(client, "steps", count=3000)
    began: list[float] = []

    def started(fraction: float, stage: str) -> None:
        if stage.startswith("step"):
            began.append(time.monotonic())

    with pytest.raises(JobCancelledError):
        client.stylize(request, started, lambda: bool(began))
    assert time.monotonic() - began[0] < 1.2
    assert client.status()["jobs"]["cancelled"] == 1


def test_an_error_in_a_callback_cancels(client: Client) -> None:
    def spoil(fraction: float, stage: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        client.stylize(play(client, "steps", count=3000), spoil)
    jobs = client.status()["jobs"]
    assert (jobs["running"], jobs["cancelled"]) == (0, 1)


def test_a_job_that_has_ended_or_is_somebody_elses(daemon: RunningDaemon, client: Client) -> None:
    client.stylize(play(client, "invert"))
    client.cancel(1)
    client.cancel(99)
    job = client.submit(play(client, "steps", count=100))
    with daemon.connect() as other:
        other.cancel(job)
    wait_for(lambda: client.status()["jobs"]["done"] == 2, 10)
    assert client.status()["jobs"]["cancelled"] == 0


def test_cancelling_again_and_again(client: Client) -> None:
    job = client.submit(play(client, "hang"))
    wait_for(lambda: client.status()["worker"]["state"] == "busy")
    began = time.monotonic()
    while not isinstance(client.next_event(0.05, job), m.Cancelled):
        client.cancel(job)
        assert time.monotonic() - began < 1.0


CTRL_C = """
import sys
from pathlib import Path
from support.daemon import play, reach
with reach(Path(sys.argv[1]), sys.argv[2]) as client:
    request = play(client, "steps", count=3000)
    try:
        client.stylize(request, lambda fraction, stage: print("running", flush=True))
    except KeyboardInterrupt:
        print("jobs", client.status()["jobs"]["running"], client.status()["jobs"]["cancelled"])
"""


def test_ctrl_c(daemon: RunningDaemon, client: Client) -> None:
    daemon.wait_for_worker()
    command = [sys.executable, "-c", CTRL_C, str(daemon.folder), daemon.way]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        watchdog = threading.Timer(20, process.kill)
        watchdog.start()
        assert process.stdout.readline() == "running\n"
        process.send_signal(signal.SIGINT)
        lines = process.stdout.read().splitlines()
        watchdog.cancel()
        watchdog.join()
    assert lines[-1] == "jobs 0 1"
