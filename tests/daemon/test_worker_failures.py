"""A worker may die, hang, fail or lie: the job has an answer, and the next one works."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from photostyle.daemon import pipe
from photostyle_protocol.client import Client
from photostyle_protocol.errors import BadOptionError, JobFailedError, ResourceError, WorkerDiedError
from photostyle_protocol.outcome import Notice
from support.daemon import PLAY_WORKER, RunningDaemon, Start, environment, is_alive, play
from support.waiting import wait_for


def test_a_worker_that_is_killed_costs_a_retry(client: Client, tmp_path: Path) -> None:
    stages: list[str] = []
    request = play(client, "die_once", marker=str(tmp_path / "died"))
    result = client.stylize(request, lambda fraction, stage: stages.append(stage))
    assert client.get(result.digest)[1]
    assert (tmp_path / "died").exists()
    assert result.notices == (Notice("setback", "Once more."),), "the second worker knows of the first"


def test_a_job_that_kills_every_worker_fails(daemon: RunningDaemon, client: Client) -> None:
    with pytest.raises(WorkerDiedError, match=r"died twice in the middle of this job \(signal 9"):
        client.stylize(play(client, "die"))
    assert client.stylize(play(client, "invert")).spec
    assert client.status()["jobs"]["failed"] == 1


def test_an_error_of_the_device_needs_a_new_worker(client: Client) -> None:
    with pytest.raises(WorkerDiedError, match="CUDA error: an illegal memory access"):
        client.stylize(play(client, "device_error"))
    assert client.stylize(play(client, "invert")).spec


def test_a_worker_killed_while_idle_is_replaced(daemon: RunningDaemon, client: Client) -> None:
    pid = daemon.wait_for_worker()
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: client.status()["worker"]["pid"] != pid)
    assert client.stylize(play(client, "invert")).spec


def test_errors_of_a_method_are_sentences(daemon: RunningDaemon, client: Client) -> None:
    pid = daemon.wait_for_worker()
    with pytest.raises(JobFailedError, match="The method failed: ValueError: a wrong turn"):
        client.stylize(play(client, "fail"))
    with pytest.raises(ResourceError, match="memory is not enough"):
        client.stylize(play(client, "memory"))
    assert "a wrong turn" in (daemon.folder / "worker.log").read_text()
    assert daemon.wait_for_worker() == pid


def test_a_worker_that_cannot_load(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAY_LOADING", "die")
    with start().connect() as client:
        for _ in range(2):
            with pytest.raises(WorkerDiedError, match=r"cannot be started .*exit code 3.* the scenery fell down"):
                client.stylize(play(client, "invert"))
        assert client.status()["worker"]["state"] == "failed"


def test_an_engine_that_says_why_it_cannot_load(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAY_LOADING", "error")
    daemon = start(device="cuda:9")
    with daemon.connect() as client, pytest.raises(BadOptionError, match="There is no device 'cuda:9'"):
        client.stylize(play(client, "invert"))


def test_a_worker_that_never_gets_ready(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAY_LOADING", "slow")
    monkeypatch.setenv("PLAY_SECONDS", "60")
    with start(load_s=0.5).connect() as client, pytest.raises(WorkerDiedError, match="cannot be started"):
        client.stylize(play(client, "invert"))


@pytest.mark.parametrize("command", [["no-such-program"], ["true"], ["yes"], ["sleep", "60"]])
def test_a_command_that_is_no_worker(start: Start, command: list[str]) -> None:
    daemon = start(worker_command=command, load_s=1.0)
    with daemon.connect() as client, pytest.raises(WorkerDiedError, match="cannot be started"):
        client.stylize(play(client, "invert"))


def test_an_idle_worker_is_unloaded_and_comes_back(start: Start) -> None:
    daemon = start(idle_unload_s=0.5)
    with daemon.connect() as client:
        pid = client.get(client.stylize(play(client, "pid")).digest)[1]
        number = int.from_bytes(pid[:4], "little")
        assert is_alive(number)
        daemon.wait_for_worker("unloaded")
        assert not is_alive(number)
        assert client.stylize(play(client, "invert")).spec


def test_kill_9_of_the_daemon_leaves_no_worker(start: Start, runtime_dir: Path) -> None:
    daemon = start()
    pid = daemon.wait_for_worker()
    with daemon.connect() as client:
        client.submit(play(client, "spin"))
        wait_for(lambda: client.status()["worker"]["state"] == "busy")
    daemon.stop(signal.SIGKILL)
    wait_for(lambda: not is_alive(pid), 3.0, "the end of the worker")
    assert (runtime_dir / "connection.json").exists()
    began = time.monotonic()
    with start().connect() as client:
        assert time.monotonic() - began < 5
        assert client.status()["store"]["images"] == 0
        assert client.stylize(play(client, "invert")).spec


def test_a_worker_that_cannot_read_its_broker_ends(tmp_path: Path) -> None:
    """As after an update under a running daemon; a worker that waited would let a job hang."""
    strange = pipe.pack(pipe.Stop(1)).replace(b"job", b"jab")
    command = [*PLAY_WORKER, "--store", str(tmp_path)]
    done = subprocess.run(command, input=strange, capture_output=True, env=environment(), timeout=60, check=False)
    assert done.returncode == 1
    assert b"Stop has the unknown key 'jab'" in done.stderr
