"""The daemon's life from the command line."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from photostyle.cli import exit_codes
from photostyle_protocol.connection import connection_path, read_connection
from support.command_line import assert_refused, photostyle, start_photostyle
from support.daemon import is_alive
from support.waiting import wait_for


@pytest.fixture(autouse=True)
def own_daemon(runtime_dir: Path) -> Iterator[Path]:
    """A runtime folder of the test's own, empty of daemons at the end."""
    yield runtime_dir
    photostyle("stop")


def test_serve_status_stop() -> None:
    first = photostyle("serve", "--device", "cpu", "--idle-unload", "1h")
    assert (first.returncode, first.stderr) == (0, "")
    pid = read_connection(connection_path()).pid
    assert f"process {pid}" in first.stdout

    again = photostyle("serve")
    assert again.returncode == 0
    assert again.stdout.startswith(f"A daemon runs already: process {pid}")

    status = photostyle("status")
    assert status.returncode == 0
    for word in (str(pid), "ipc://", "worker", "0 running"):
        assert word in status.stdout

    stop = photostyle("stop")
    assert (stop.returncode, stop.stdout) == (0, f"The daemon, process {pid}, has ended.\n")
    assert not is_alive(pid)
    assert not connection_path().exists()


def test_without_a_daemon() -> None:
    assert_refused(photostyle("status"), exit_codes.NO_DAEMON, "No daemon is running", "photostyle serve")
    stop = photostyle("stop")
    assert (stop.returncode, stop.stdout) == (0, "No daemon is running.\n")


def test_foreground_ends_cleanly_on_a_signal() -> None:
    process = start_photostyle("serve", "--foreground", "--device", "cpu")
    with process:
        wait_for(lambda: photostyle("status").returncode == 0, 20, "an answer")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_daemon_that_hangs_is_stopped_all_the_same() -> None:
    photostyle("serve")
    pid = read_connection(connection_path()).pid
    os.kill(pid, signal.SIGSTOP)
    assert photostyle("stop").returncode == 0
    assert not is_alive(pid)


def test_stop_never_ends_a_stranger(own_daemon: Path) -> None:
    """The number in a stale connection file belongs to somebody else by now."""
    with subprocess.Popen(["sleep", "60"]) as stranger:
        photostyle("serve")
        text = connection_path().read_text()
        pid = read_connection(connection_path()).pid
        photostyle("stop")
        connection_path().write_text(text.replace(f'"pid": {pid}', f'"pid": {stranger.pid}'))
        assert photostyle("stop").stdout == "No daemon is running.\n"
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--idle-unload", "soon"], "soon"),
        (["--listen", "tcp://127.0.0.1:5555"], "--allowed-keys"),
        (["--allowed-keys", "keys.txt"], "--listen"),
        (["--foreground", "--device", "cuda:7"], "cuda:7"),
    ],
)
def test_serve_refuses_what_cannot_be(words: list[str], told: str) -> None:
    assert_refused(photostyle("serve", *words), exit_codes.BAD_INPUT, told)
    assert not connection_path().exists()


def test_a_daemon_that_cannot_start_says_why(own_daemon: Path, photograph_files: dict[str, Path]) -> None:
    """Its lock file cannot be made."""
    (own_daemon / "daemon.lock").mkdir()
    files = photograph_files["coffee"], photograph_files["rocket"]
    done = photostyle("stylize", *files, "-o", own_daemon / "out.png", "--quiet")
    assert done.returncode == exit_codes.NO_DAEMON
    assert done.stderr.startswith("error: The daemon could not be started")
    assert "Its log says" in done.stderr
    assert "daemon.lock" in done.stderr
    assert "Traceback" not in done.stderr
    (own_daemon / "daemon.lock").rmdir()


def test_the_doctor_finds_everything_in_order(own_daemon: Path) -> None:
    photostyle("serve")
    done = photostyle("doctor")
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert all(line.startswith(("ok ", "warn ")) for line in lines)
    for word in ("Python", "torch", "model rest", "weights of VGG-19", str(own_daemon), "daemon", "memory", "disk"):
        assert any(word in line for line in lines)


def test_the_doctor_finds_a_folder_that_is_a_link(own_daemon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_daemon / "link").symlink_to(own_daemon, target_is_directory=True)
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(own_daemon / "link"))
    done = photostyle("doctor")
    assert done.returncode == exit_codes.FAILED
    assert "fail  " in done.stdout
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(own_daemon))


def test_the_doctor_finds_a_daemon_that_hangs() -> None:
    photostyle("serve")
    pid = read_connection(connection_path()).pid
    os.kill(pid, signal.SIGSTOP)
    done = photostyle("doctor")
    assert done.returncode == 0
    assert "photostyle stop" in next(line for line in done.stdout.splitlines() if line.startswith("warn  The daemon"))
