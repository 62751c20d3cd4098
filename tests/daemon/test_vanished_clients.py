"""A client that is gone, however it went, leaves no job running and no half picture."""

import contextlib
import signal
import subprocess
import sys
import time

import pytest

from photostyle_protocol import messages as m
from photostyle_protocol.client import Client
from photostyle_protocol.errors import DaemonUnavailableError, JobFailedError, PhotostyleError
from photostyle_protocol.images import ImageSpec, digest
from photostyle_protocol.limits import SILENCE_SECONDS
from support.daemon import BOTH_WAYS, RunningDaemon, Start, environment, play
from support.waiting import wait_for

pytestmark = BOTH_WAYS

LEAVE_A_JOB = """
import sys
from pathlib import Path
from support.daemon import play, reach
client = reach(Path(sys.argv[1]), sys.argv[2])
jobs = [client.submit(play(client, part, count=3000)) for part in ("steps", "invert")]
client.next_event(5.0, jobs[0])
print("running", flush=True)
client.stylize(play(client, "invert"))
"""


def leave_a_job(daemon: RunningDaemon) -> "subprocess.Popen[str]":
    """A process with a running and two waiting jobs."""
    command = [sys.executable, "-c", LEAVE_A_JOB, str(daemon.folder), daemon.way]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
    assert process.stdout.readline() == "running\n"
    return process


def serving(client: Client) -> int:
    """The process that serves a client; 0 while it only hears that the one before has gone."""
    with contextlib.suppress(DaemonUnavailableError):
        return client.status()["pid"]
    return 0


def nothing_runs(client: Client) -> bool:
    jobs = client.status()["jobs"]
    return (jobs["running"], jobs["waiting"]) == (0, 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed(daemon: RunningDaemon, client: Client, number: int) -> None:
    daemon.wait_for_worker()
    with leave_a_job(daemon) as process:
        process.send_signal(number)
    wait_for(lambda: nothing_runs(client), 4.0, "the end of the jobs")
    assert client.status()["jobs"]["done"] == 0
    assert client.stylize(play(client, "invert")).spec


def test_frozen(start: Start) -> None:
    daemon = start(silence_s=1.5)
    daemon.wait_for_worker()
    with leave_a_job(daemon) as process, daemon.connect() as client:
        process.send_signal(signal.SIGSTOP)
        wait_for(lambda: nothing_runs(client), 6.0, "the end of the jobs")
        process.send_signal(signal.SIGKILL)


def test_closed(daemon: RunningDaemon, client: Client) -> None:
    with daemon.connect() as other:
        other.submit(play(other, "steps", count=3000))
    wait_for(lambda: nothing_runs(client), 4.0, "the end of the job")


def test_a_silent_client_hears_that_its_job_is_lost(start: Start) -> None:
    """It waited somewhere else for longer than it may; the daemon has given up on it."""
    daemon = start(silence_s=1.0)
    with daemon.connect() as client, daemon.connect() as other:
        job = client.submit(play(client, "steps", count=3000))
        wait_for(lambda: client is None or nothing_runs(other), 6.0)
        while not isinstance(event := client.next_event(5.0, job), m.Failed):
            assert event is not None
        assert event.code == DaemonUnavailableError.code
        assert client.stylize(play(client, "invert")).spec


def test_half_a_picture_is_freed(start: Start) -> None:
    daemon = start(silence_s=0.5)
    spec = ImageSpec(100, 100, 1, "uint8")
    with daemon.connect() as client, daemon.connect() as other:
        assert not client.send_band(digest(spec, bytes(10_000)), spec, 0, bytes(100))
        assert client.status()["store"]["bytes"] == 10_000
        wait_for(lambda: other.status()["store"]["bytes"] == 0, 4.0)


def test_a_daemon_that_is_killed_is_noticed(start: Start) -> None:
    """At once, not only when it has been silent for ten seconds."""
    daemon = start()
    with daemon.connect() as client:
        job = client.submit(play(client, "steps", count=3000))
        daemon.stop(signal.SIGKILL)
        began = time.monotonic()
        with pytest.raises(DaemonUnavailableError, match="has gone"):
            client._follow(job, None, None, None)
        assert time.monotonic() - began < SILENCE_SECONDS / 2
        with pytest.raises(DaemonUnavailableError, match="has gone"):
            client.status()


def test_a_daemon_that_hangs_is_noticed(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photostyle_protocol.client.SILENCE_SECONDS", 2.0)
    daemon = start()
    with daemon.connect() as client:
        job = client.submit(play(client, "steps", count=3000))
        daemon.process.send_signal(signal.SIGSTOP)
        with pytest.raises(DaemonUnavailableError, match="silent for"):
            client._follow(job, None, None, None)
        daemon.process.send_signal(signal.SIGCONT)


def test_a_daemon_that_starts_again_says_that_the_job_is_lost(start: Start) -> None:
    daemon = start()
    with daemon.connect() as client:
        request = play(client, "steps", count=3000)
        job = client.submit(request)
        daemon.stop(signal.SIGKILL)
        again = start()
        with pytest.raises((DaemonUnavailableError, JobFailedError), match=r"restarted or lost touch|has gone"):
            client._follow(job, None, None, None)
        assert wait_for(lambda: serving(client)) == again.process.pid


def test_a_client_without_a_job_meets_the_new_daemon(start: Start) -> None:
    daemon = start()
    with daemon.connect() as client:
        assert daemon.stop() == 0
        with pytest.raises(PhotostyleError, match="has stopped"):
            client.status()
        again = start()
        assert wait_for(lambda: serving(client)) == again.process.pid
