"""Listening to a network: with keys only."""

import re
import time
from pathlib import Path

import pytest
import zmq

from photostyle_protocol.client import Client
from photostyle_protocol.connection import read_connection, write_connection
from photostyle_protocol.errors import DaemonUnavailableError
from photostyle_protocol.keys import make_client
from support.daemon import RunningDaemon, Start, play

QUICK = 0.7


@pytest.fixture
def listening(start: Start, runtime_dir: Path) -> RunningDaemon:
    """A daemon that lets one client of the network in, whose connection file is friend.json."""
    public = make_client(runtime_dir / "friend.json", "", "")
    make_client(runtime_dir / "stranger.json", "", "")
    (runtime_dir / "allowed").write_text(f"# friends\n\n{public} the laptop\n")
    files = {"allowed_keys": str(runtime_dir / "allowed"), "server_keys": str(runtime_dir / "server.json")}
    daemon = start(listen="tcp://127.0.0.1:*", **files)
    with daemon.connect() as client:
        endpoint = client.status()["listen"]
    server = read_connection(runtime_dir / "server.json").server_key
    for name in ("friend", "stranger"):
        made = read_connection(runtime_dir / f"{name}.json")
        changed = type(made)(endpoint, 0, "", server, made.client_public, made.client_secret)
        write_connection(runtime_dir / f"{name}.json", changed)
    return daemon


def test_an_allowed_key_comes_in(listening: RunningDaemon) -> None:
    with Client.connect(str(listening.folder / "friend.json")) as client:
        result = client.stylize(play(client, "invert"))
        assert client.get(result.digest)[0] == result.spec


def test_others_do_not(listening: RunningDaemon) -> None:
    began = time.monotonic()
    with pytest.raises(DaemonUnavailableError, match=r"does not let this client in.*must know this client's key"):
        Client.connect(str(listening.folder / "stranger.json"), timeout=60.0)
    assert time.monotonic() - began < 30
    endpoint = read_connection(listening.folder / "friend.json").endpoint
    assert endpoint.startswith("tcp://127.0.0.1:")
    with pytest.raises(DaemonUnavailableError):
        Client.connect(endpoint, timeout=QUICK)
    with listening.connect() as client:
        assert client.stylize(play(client, "invert")).spec


def test_somebody_who_pretends_to_be_the_daemon(listening: RunningDaemon) -> None:
    path = listening.folder / "friend.json"
    made = read_connection(path)
    other = zmq.curve_keypair()[0].decode()
    write_connection(path, type(made)(made.endpoint, 0, "", other, made.client_public, made.client_secret))
    with pytest.raises(DaemonUnavailableError):
        Client.connect(str(path), timeout=QUICK)


def test_the_daemons_key_lasts(listening: RunningDaemon, start: Start) -> None:
    assert listening.stop() == 0
    files = {"allowed_keys": str(listening.folder / "allowed"), "server_keys": str(listening.folder / "server.json")}
    endpoint = read_connection(listening.folder / "friend.json").endpoint
    start(listen=endpoint, **files)
    with Client.connect(str(listening.folder / "friend.json")) as client:
        assert client.hello()


def test_keys_are_private(listening: RunningDaemon) -> None:
    for name in ("server.json", "friend.json"):
        assert (listening.folder / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("listen", "keys", "why"),
    [
        ("tcp://127.0.0.1:*", None, "only with a list of allowed client keys"),
        ("tcp://127.0.0.1:*", "", "is empty, so nobody could come in"),
        ("tcp://127.0.0.1:*", "# nobody yet\n", "is empty"),
        ("tcp://127.0.0.1:*", "not-a-key\n", "'not-a-key' in .* is no CURVE key"),
        ("ipc:///tmp/x", "k", "cannot listen on 'ipc:///tmp/x'"),
        ("tcp://256.1.1.1:0", "K" * 40 + "\n", "cannot be used"),
    ],
)
def test_what_is_refused(start: Start, runtime_dir: Path, listen: str, keys: str | None, why: str) -> None:
    config = {"listen": listen, "server_keys": str(runtime_dir / "server.json")}
    if keys is not None:
        (runtime_dir / "allowed").write_text(keys)
        config["allowed_keys"] = str(runtime_dir / "allowed")
    daemon = start(hello=False, **config)
    assert daemon.process.wait(10) == 1
    assert re.search(why, daemon.log), daemon.log
    assert "Traceback" not in daemon.log


def test_a_list_of_keys_that_is_missing(start: Start, runtime_dir: Path) -> None:
    daemon = start(hello=False, listen="tcp://127.0.0.1:*", allowed_keys=str(runtime_dir / "none"))
    assert daemon.process.wait(10) == 1
    assert "cannot be read" in daemon.log


def test_loopback_with_keys_where_there_is_no_ipc(start: Start) -> None:
    daemon = start(local_transport="tcp")
    found = read_connection(daemon.folder / "connection.json")
    assert found.endpoint.startswith("tcp://127.0.0.1:")
    with daemon.connect() as client:
        assert client.stylize(play(client, "invert")).spec
    with pytest.raises(DaemonUnavailableError):
        Client.connect(found.endpoint, timeout=QUICK)
