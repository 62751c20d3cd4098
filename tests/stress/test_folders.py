"""Folders and files that somebody has prepared, and the processes of another user."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from photostyle.daemon.store import writable_memory
from photostyle_protocol.connection import connection_path, ipc_path, runtime_dir
from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.launch import ensure_daemon
from support.daemon import RunningDaemon, Start, environment
from support.leaks import store_name
from support.raw_client import serves

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")


@pytest.fixture
def squatted(runtime_dir: Path) -> Iterator[Path]:
    """The name that the daemon's store would have in shared memory, taken by another user."""
    if writable_memory() is None:
        pytest.skip("the store is not in shared memory here")
    folder = Path("/dev/shm") / store_name(runtime_dir)
    folder.mkdir(mode=0o777)
    os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    (folder / "bait").write_text("do not touch")
    yield folder
    shutil.rmtree(folder)


@needs_root
def test_somebody_else_was_first_in_shared_memory(squatted: Path, start: Start) -> None:
    """It costs nothing but the memory: the store is beside the connection file."""
    daemon = start()
    assert serves(daemon)
    assert (daemon.folder / "store").is_dir()
    assert daemon.stop() == 0
    assert [path.name for path in squatted.iterdir()] == ["bait"]


def test_a_folder_in_the_place_of_a_picture(runtime_dir: Path, start: Start) -> None:
    store = (writable_memory() or runtime_dir) / (store_name(runtime_dir) if writable_memory() else "store")
    (store / "part-1" / "deep").mkdir(parents=True)
    assert serves(start())


@pytest.mark.parametrize("name", ["daemon.lock", "worker.log", "connection.json"])
def test_a_link_leads_nowhere(runtime_dir: Path, start: Start, tmp_path: Path, name: str) -> None:
    """What a link in the folder points at is not written to, whoever made it."""
    victim = tmp_path / "letter"
    victim.write_text("dear diary")
    (runtime_dir / name).symlink_to(victim)
    daemon = start(hello=False)
    if name == "daemon.lock":
        assert daemon.process.wait(10) == 1
        assert "daemon.lock cannot be opened" in daemon.log
        assert "Traceback" not in daemon.log
    else:
        daemon.wait_for_hello()
    assert victim.read_text() == "dear diary"


def test_a_log_that_is_a_link(runtime_dir: Path, tmp_path: Path) -> None:
    victim = tmp_path / "letter"
    victim.write_text("dear diary")
    (runtime_dir / "daemon.log").symlink_to(victim)
    with pytest.raises(DaemonUnavailableError, match=r"daemon\.log cannot be opened"):
        ensure_daemon([sys.executable, "-c", "print('overwritten')"], deadline=2.0)
    assert victim.read_text() == "dear diary"


def test_a_runtime_folder_that_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(tmp_path / "link"))
    with pytest.raises(DaemonUnavailableError, match="is a link"):
        runtime_dir()


@needs_root
def test_a_runtime_folder_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(tmp_path, pwd.getpwnam("nobody").pw_uid, -1)
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(DaemonUnavailableError, match="belongs to another user"):
        connection_path()


def test_a_runtime_folder_that_is_open_to_all_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o777)
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(tmp_path))
    assert runtime_dir().stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("where", ["file/run", "x" * 300, "y/" * 2100])
def test_a_runtime_folder_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(tmp_path / where))
    with pytest.raises(DaemonUnavailableError, match=r"cannot be made or used: .*\. Set PHOTOSTYLE_RUNTIME_DIR"):
        runtime_dir()


@needs_root
def test_a_runtime_folder_on_a_disk_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir(mode=0o755)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", tmp_path / "run"], check=False).returncode:
        pytest.skip("no right to mount")
    try:
        monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(tmp_path / "run"))
        with pytest.raises(DaemonUnavailableError, match="Read-only"):
            runtime_dir()
    finally:
        subprocess.run(["umount", tmp_path / "run"], check=True)


@needs_root
def test_a_runtime_folder_without_room(tiny_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence, also where the log has no room for it either."""
    folder = tiny_disk / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(folder))
    with contextlib.suppress(OSError):
        (tiny_disk / "filler").write_bytes(bytes(100_000))
    command = [sys.executable, "-m", "photostyle.cli", "serve", "--foreground"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.stderr.startswith(f"error: The disk of {folder} is full.")
    with pytest.raises(DaemonUnavailableError, match="could not be started") as refused:
        ensure_daemon(command)
    assert refused.value.hint == f"The disk of {folder} is full."


def test_a_long_path_has_a_short_socket(runtime_dir: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    long = runtime_dir / ("z" * 150)
    long.mkdir(mode=0o700)
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(long))
    socket = ipc_path(long)
    assert socket.parent != long
    daemon = RunningDaemon(long, {}, "zmq")
    try:
        daemon.wait_for_hello()
        assert socket.parent.stat().st_mode & 0o777 == 0o700
        assert serves(daemon)
    finally:
        assert daemon.stop() == 0
    assert not socket.parent.exists()


@pytest.mark.parametrize(
    "content",
    ["", f"{os.getpid()}\n", "1\n", "not a number", "\0" * 5000],
    ids=["empty", "of a living process", "of init", "no number", "zeros"],
)
def test_a_lock_that_nobody_holds_is_nothing(runtime_dir: Path, start: Start, content: str) -> None:
    """Whatever it says, and though the process with that number lives."""
    (runtime_dir / "daemon.lock").write_text(content)
    daemon = start()
    assert (runtime_dir / "daemon.lock").read_text() == f"{daemon.process.pid}\n"


SNOOP = """
import os, socket, sys
os.setgid(65534), os.setuid(65534)
folder, store, pid = sys.argv[1:]
def attempt(what):
    try:
        what()
    except PermissionError:
        return "refused"
    return "done"
print(attempt(lambda: open(folder + "/connection.json").read()))
print(attempt(lambda: os.listdir(folder)))
print(attempt(lambda: os.listdir(store)))
print(attempt(lambda: socket.socket(socket.AF_UNIX).connect(folder + "/daemon.sock")))
print(attempt(lambda: os.kill(int(pid), 9)))
print(attempt(lambda: open("/proc/" + pid + "/environ").read()))
"""


@needs_root
def test_another_user_gets_nowhere(start: Start) -> None:
    daemon = start()
    assert serves(daemon)
    store = (writable_memory() or daemon.folder) / store_name(daemon.folder)
    command = [sys.executable, "-c", SNOOP, str(daemon.folder), str(store), str(daemon.process.pid)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout.split() == ["refused"] * 6
    assert serves(daemon)
