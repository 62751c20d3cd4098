"""The private folder and the connection file."""

import os
import stat
from pathlib import Path

import pytest

from photostyle_protocol import connection as c
from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.keys import make_client


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_runtime_folder_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "deep" / "run"
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(folder))
    assert c.runtime_dir() == folder
    assert mode(folder) == 0o700
    folder.chmod(0o755)
    c.runtime_dir()
    assert mode(folder) == 0o700


def test_without_a_word_it_lies_where_the_platform_wants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHOTOSTYLE_RUNTIME_DIR")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert c.runtime_dir() == tmp_path / "photostyle"


def test_links_and_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "file").touch()
    for name in ("link", "file", "file/below"):
        monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(tmp_path / name))
        with pytest.raises(DaemonUnavailableError):
            c.runtime_dir()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(DaemonUnavailableError, match="belongs to another user"):
        c.private_dir(folder)


def test_a_connection_comes_back_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "connection.json"
    written = c.Connection("tcp://127.0.0.1:1", 12, "0.1", "k" * 40, "p" * 40, "s" * 40)
    c.write_connection(path, written)
    assert c.read_connection(path) == written
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"endpoint": 1}', '{"endpoint": "x", "other": 1}', "\xff"])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "connection.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DaemonUnavailableError, match=r"connection\.json cannot be read"):
        c.read_connection(path)


def test_no_file_is_no_daemon(tmp_path: Path) -> None:
    with pytest.raises(DaemonUnavailableError, match="No daemon is running"):
        c.read_connection(tmp_path / "connection.json")


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    assert c.ipc_path(Path("/run/x")) == Path("/run/x/daemon.sock")
    folder = tmp_path / ("long" * 30)
    path, other = c.ipc_path(folder), c.ipc_path(folder / "other")
    path.parent.rmdir()
    other.parent.rmdir()
    assert len(os.fsencode(path)) <= c.IPC_PATH_BYTES
    assert other.parent != path.parent


def test_keys_for_a_client_of_another_machine(tmp_path: Path) -> None:
    public = make_client(tmp_path / "far.json", "tcp://far:7777", "S" * 40)
    found = c.read_connection(tmp_path / "far.json")
    assert (found.endpoint, found.server_key, found.client_public) == ("tcp://far:7777", "S" * 40, public)
    assert len(public) == len(found.client_secret or "") == 40
    assert mode(tmp_path / "far.json") == 0o600
