"""Starting, stopping, and what is left behind."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from photostyle.daemon import serve
from photostyle.daemon.config import DaemonConfig
from photostyle_protocol import messages as m
from photostyle_protocol.client import Client
from photostyle_protocol.connection import read_connection
from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.launch import _answering, _started, ensure_daemon
from support.daemon import PLAY_WORKER, PROGRAMS, RunningDaemon, Start, environment, is_alive, play
from support.waiting import wait_for


def leftovers(folder: Path) -> set[str]:
    kept = {"config.json", "daemon.log", "worker.log", "daemon.lock"}
    return {path.name for path in folder.iterdir()} - kept


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(start: Start, number: int) -> None:
    daemon = start()
    pid = daemon.wait_for_worker()
    with daemon.connect() as client:
        running = client.submit(play(client, "hang"))
        waiting = client.submit(play(client, "invert"))
        wait_for(lambda: client.status()["worker"]["state"] == "busy")
        began = time.monotonic()
        assert daemon.stop(number) == 0
        assert time.monotonic() - began < 2.0
        ended = [event for event in drain(client) if isinstance(event, m.Cancelled)]
        assert {(event.job, event.reason) for event in ended} == {(running, "shutdown"), (waiting, "shutdown")}
    assert not is_alive(pid)
    assert leftovers(daemon.folder) == set()


def drain(client: Client) -> list[object]:
    """Every event until the daemon says goodbye."""
    events: list[object] = []
    with pytest.raises(DaemonUnavailableError, match="has stopped"):
        events.extend(iter(lambda: events.append(client.next_event(5.0)), 0))
    return events


def test_a_client_ends_it(daemon: RunningDaemon) -> None:
    with daemon.connect() as client:
        client.shutdown()
    assert daemon.process.wait(5) == 0
    assert leftovers(daemon.folder) == set()


def test_the_connection_file_is_private(daemon: RunningDaemon) -> None:
    path = daemon.folder / "connection.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_connection(path).pid == daemon.process.pid
    assert stat.S_IMODE(daemon.folder.stat().st_mode) == 0o700


def test_a_second_daemon_gives_way(daemon: RunningDaemon, start: Start) -> None:
    second = start(hello=False)
    assert second.process.wait(10) == 1
    assert f"A daemon is already running (pid {daemon.process.pid})." in second.log
    with daemon.connect() as client:
        assert client.status()["pid"] == daemon.process.pid


def test_what_a_dead_daemon_left_is_replaced(start: Start, runtime_dir: Path) -> None:
    first = start()
    first.wait_for_worker()
    with first.connect() as client:
        play(client, "invert")
    first.stop(signal.SIGKILL)
    assert leftovers(runtime_dir) >= {"connection.json", "daemon.sock"}
    second = start()
    assert read_connection(runtime_dir / "connection.json").pid == second.process.pid
    with second.connect() as client:
        assert client.status()["store"]["bytes"] == 0


def test_one_follows_another_at_once(start: Start) -> None:
    first = start()
    first.process.send_signal(signal.SIGTERM)
    second = start(hello=False)
    assert first.process.wait(5) == 0
    second.wait_for_hello()


@pytest.mark.parametrize("memory", [True, False])
def test_the_store_is_in_memory_or_in_the_folder(
    runtime_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: bool
) -> None:
    monkeypatch.setattr(serve, "writable_memory", lambda: tmp_path if memory else None)
    with serve._store(runtime_dir, DaemonConfig(store_bytes=100)) as store:
        assert store.folder.parent == (tmp_path if memory else runtime_dir)
        assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
        assert store.budget == 100
    assert not store.folder.exists()


def launcher(folder: Path, **config: object) -> list[str]:
    file = folder / "config.json"
    file.write_text(json.dumps({"worker_command": PLAY_WORKER, **config}))
    return [sys.executable, str(PROGRAMS / "run_daemon.py"), str(file)]


def stop(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)
    wait_for(lambda: not is_alive(pid), 5.0, "the end of the daemon")
    assert _answering(0.1) is None


def test_a_daemon_is_launched_once(runtime_dir: Path) -> None:
    command = launcher(runtime_dir)
    found = ensure_daemon(command)
    try:
        assert is_alive(found.pid)
        assert os.getpgid(found.pid) != os.getpgid(0), "a Ctrl-C in this terminal must not reach it"
        assert ensure_daemon(["false"]) == found
        with Client.connect() as client:
            assert client.stylize(play(client, "invert")).spec
    finally:
        stop(found.pid)


TWO_AT_ONCE = """
import sys
from photostyle_protocol.launch import ensure_daemon
print(ensure_daemon(sys.argv[1:]).pid)
"""


def test_two_launchers_agree(runtime_dir: Path) -> None:
    command = [sys.executable, "-c", TWO_AT_ONCE, *launcher(runtime_dir)]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) for _ in range(2)]
    pids = {int(racer.communicate(timeout=30)[0]) for racer in racers}
    # A daemon that gives way may still be about to; with the other one stopped, it would not.
    config = str(runtime_dir / "config.json")
    wait_for(
        lambda: sum(config in (process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])) == 1
    )
    for pid in pids:
        stop(pid)
    assert len(pids) == 1


def test_a_daemon_that_fails_says_why(runtime_dir: Path) -> None:
    began = time.monotonic()
    with pytest.raises(DaemonUnavailableError, match=r"could not be started \(exit code 1\)") as caught:
        ensure_daemon(launcher(runtime_dir, listen="tcp://127.0.0.1:*"))
    assert time.monotonic() - began < 8
    assert "only with a list of allowed client keys" in caught.value.hint


FAIL_TO_END = """
import sys
from photostyle.daemon.config import DaemonConfig
from photostyle.daemon.serve import serve
from photostyle.daemon.worker_process import WorkerProcess
kill = WorkerProcess.kill
def kill_and_fail(self):
    kill(self)
    raise OSError(22, "a wrong turn")
WorkerProcess.kill = kill_and_fail
serve(DaemonConfig(worker_command=sys.argv[1:]))
"""


def test_an_end_that_goes_wrong_is_an_end_all_the_same(runtime_dir: Path) -> None:
    command = [sys.executable, "-c", FAIL_TO_END, *PLAY_WORKER]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        wait_for((runtime_dir / "connection.json").exists, 10.0)
        process.terminate()
        try:
            said = process.communicate(timeout=20)[1]
        finally:
            process.kill()
    assert process.returncode == 1
    assert "a wrong turn" in said
    assert leftovers(runtime_dir) == set()


def test_a_daemon_that_never_answers(runtime_dir: Path) -> None:
    with pytest.raises(DaemonUnavailableError, match=r"does not answer within 1 s"):
        ensure_daemon([sys.executable, "-c", "import time; print('dreaming', flush=True); time.sleep(2)"], deadline=1.0)
    wait_for(lambda: not _answering(0.1) and not _started)
    with pytest.raises(DaemonUnavailableError, match="cannot be started"):
        ensure_daemon([str(runtime_dir / "nothing")])


def test_the_connection_file_of_a_dead_daemon_costs_no_time(runtime_dir: Path) -> None:
    command = launcher(runtime_dir)
    first = ensure_daemon(command)
    os.kill(first.pid, signal.SIGKILL)
    # A process of which only some threads have ended cannot be told from a daemon that thinks.
    wait_for(lambda: all(process.poll() is not None for process in _started))
    began = time.monotonic()
    second = ensure_daemon(command)
    seconds = time.monotonic() - began
    stop(second.pid)
    assert second.pid != first.pid
    assert seconds < 2.0


def test_a_client_of_a_dead_daemon_does_not_wait_long(daemon: RunningDaemon) -> None:
    daemon.stop(signal.SIGKILL)
    began = time.monotonic()
    with pytest.raises(DaemonUnavailableError, match="has gone"):
        daemon.connect(60.0)
    assert time.monotonic() - began < 30


def test_no_daemon() -> None:
    with pytest.raises(DaemonUnavailableError, match="does not answer within"):
        Client.connect("ipc:///nowhere/at.all", timeout=0.2)
    with pytest.raises(DaemonUnavailableError, match="is no address"):
        Client.connect("nonsense://here")
