"""The limits of the wire, at work in a live daemon, and versions."""

import re
from collections.abc import Iterator

import msgpack
import pytest
import zmq

from photostyle import __version__
from photostyle.daemon.doors import RECEIVE_HIGH_WATER, open_local_door
from photostyle.daemon.sessions import SESSIONS
from photostyle_protocol import limits
from photostyle_protocol.client import Client
from photostyle_protocol.errors import BusyError, DaemonUnavailableError, VersionMismatchError
from photostyle_protocol.images import ImageSpec, digest
from photostyle_protocol.sockets import harden
from support.daemon import RunningDaemon, Start, play
from support.raw_client import HELLO, RawClient
from support.waiting import wait_for

SPEC = {"height": 1, "width": 4, "channels": 1, "dtype": "uint8"}
NAME = digest(ImageSpec(1, 4, 1, "uint8"), b"abcd")


@pytest.fixture
def raw(daemon: RunningDaemon) -> Iterator[RawClient]:
    client = RawClient(daemon)
    assert client.ask(HELLO)["type"] == "welcome"
    yield client
    client.close()


def test_sockets_carry_the_limits(runtime_dir) -> None:
    context = zmq.Context()
    door = open_local_door(context, runtime_dir, "ipc")
    client = context.socket(zmq.DEALER)
    harden(client)
    for socket in (door.socket, client):
        assert socket.getsockopt(zmq.MAXMSGSIZE) == limits.BAND_BYTES
        assert socket.getsockopt(zmq.SNDHWM) == limits.HIGH_WATER
        assert socket.getsockopt(zmq.RCVHWM) == (RECEIVE_HIGH_WATER if socket is door.socket else limits.HIGH_WATER)
        assert socket.getsockopt(zmq.HANDSHAKE_IVL) == limits.HANDSHAKE_MS
        assert socket.getsockopt(zmq.HEARTBEAT_IVL) == 0
        assert socket.getsockopt(zmq.TCP_KEEPALIVE_IDLE) == limits.KEEPALIVE_SECONDS
        assert socket.getsockopt(zmq.LINGER) == 0
        socket.close()
    context.term()


@pytest.mark.parametrize(
    ("frames", "why"),
    [
        ([b""], "not msgpack"),
        ([b"", msgpack.packb(HELLO)], "not msgpack"),
        ([bytes(limits.HEADER_BYTES + 1)], "A header of 65537 bytes"),
        ([msgpack.packb({"type": "ping", "id": 2})] * 17, "A message of 17 frames"),
        ([msgpack.packb({"type": "ping", "id": 2}), b"extra"], "ping has 2 frames, but needs 1"),
        ([msgpack.packb({"type": "sing", "id": 2})], "The message type 'sing' is unknown"),
        ([msgpack.packb({"type": "ping", "id": 2, "loud": True})], "ping has the unknown key 'loud'"),
        ([msgpack.packb({"type": "have", "id": 2})], "have lacks the key 'digests'"),
        ([msgpack.packb({"type": "have", "id": 2, "digests": [1]})], r"have.digests\[0\] must be str, not 1"),
    ],
)
def test_what_breaks_the_rules_gets_a_sentence(raw: RawClient, frames: list[bytes], why: str) -> None:

    answer = raw.ask_frames(*frames)
    assert (answer["type"], answer["code"]) == ("error", "protocol")
    assert re.search(why, answer["message"])
    assert raw.ask({"type": "ping", "id": 3}) == {"type": "pong", "id": 3}


def put(**changes: object) -> dict:
    return {"type": "put", "id": 5, "digest": NAME, "spec": SPEC, "offset": 0, **changes}


@pytest.mark.parametrize(
    ("header", "pixels", "code"),
    [
        (put(), b"abc", None),
        (put(), b"abcde", "protocol"),
        (put(), b"", "protocol"),
        (put(offset=1), b"bcd", "protocol"),
        (put(offset=-1), b"abcd", "protocol"),
        (put(offset=2**62), b"abcd", "protocol"),
        (put(digest="0" * 64), b"abcd", "protocol"),
        (put(digest="../../evil"), b"abcd", "protocol"),
        (put(spec={**SPEC, "height": 0}), b"abcd", "bad_image"),
        (put(spec={**SPEC, "width": -4}), b"abcd", "bad_image"),
        (put(spec={**SPEC, "width": 2**40}), b"abcd", "picture_too_large"),
        (put(spec={**SPEC, "height": 2**63, "width": 2**63}), b"abcd", "picture_too_large"),
        (put(spec={**SPEC, "channels": 5}), b"abcd", "bad_image"),
        (put(spec={**SPEC, "dtype": "object"}), b"abcd", "bad_image"),
        (put(spec={**SPEC, "height": 1.0}), b"abcd", "protocol"),
        (put(spec={**SPEC, "height": True}), b"abcd", "protocol"),
        (put(spec=[1, 4, 1, "uint8"]), b"abcd", "protocol"),
    ],
)
def test_bands_that_lie(raw: RawClient, header: dict, pixels: bytes, code: str | None) -> None:
    answer = raw.ask(header, pixels)
    assert answer.get("code") == code
    assert raw.ask(put(), b"abcd") == {"type": "stored", "id": 5, "digest": NAME, "received": 4, "complete": True}


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (4, 1), (0, 0), (0, -1), (2**62, 2**62)])
def test_ranges_that_lie(raw: RawClient, offset: int, length: int) -> None:
    raw.ask(put(), b"abcd")
    answer = raw.ask({"type": "get", "id": 6, "digest": NAME, "offset": offset, "length": length})
    assert answer["code"] == "protocol"
    assert raw.ask({"type": "get", "id": 7, "digest": NAME, "offset": 0, "length": 2**60})["type"] == "band"


def test_a_frame_over_the_limit_closes_the_connection(daemon: RunningDaemon, raw: RawClient) -> None:
    raw.socket.send_multipart([msgpack.packb(put()), bytes(limits.BAND_BYTES + 1)])
    assert not raw.socket.poll(500)
    with daemon.connect() as client:
        assert client.stylize(play(client, "invert")).spec


def test_without_hello_nothing_is_done(daemon: RunningDaemon) -> None:
    client = RawClient(daemon)
    assert client.ask({"type": "status", "id": 4}) == {"type": "hello_required", "id": 4}
    assert client.ask(HELLO)["type"] == "welcome"
    assert client.ask({"type": "status", "id": 5})["type"] == "status"
    client.close()


@pytest.mark.parametrize(
    ("protocol", "older", "what_to_do"),
    [
        (0, "This program", "photostyle install gimp"),
        (limits.PROTOCOL - 1, "This program", "photostyle install krita"),
        (limits.PROTOCOL + 1, f"The daemon {__version__}", "photostyle stop"),
        (10**9, f"The daemon {__version__}", "pip install --upgrade photostyle"),
    ],
)
def test_another_version_gets_a_sentence(raw: RawClient, protocol: int, older: str, what_to_do: str) -> None:
    hello = {"type": "hello", "id": 9, "protocol": protocol, "client": "x", "from the future": [1, 2]}
    answer = raw.ask(hello)
    assert (answer["type"], answer["id"], answer["code"]) == ("error", 9, "version_mismatch")
    assert answer["message"].startswith(f"{older} is older than")
    assert f" protocol {protocol}," in answer["message"] or f"this program {protocol}." in answer["message"]
    assert what_to_do in answer["hint"]


def test_a_hello_without_a_version(raw: RawClient) -> None:
    assert raw.ask({"type": "hello", "id": 9, "client": "x"})["code"] == "protocol"
    assert raw.ask({"type": "hello", "id": 9, "protocol": "1", "client": "x"})["code"] == "protocol"


def test_the_client_raises_it(daemon: RunningDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photostyle_protocol.client.PROTOCOL", 7)
    with pytest.raises(VersionMismatchError, match="is older than this program"):
        daemon.connect()


def test_the_number_of_clients(daemon: RunningDaemon) -> None:
    with daemon.connect() as first:
        taken = first.status()["clients"]
        others: list[Client] = []
        try:
            others += [daemon.connect() for _ in range(SESSIONS - taken)]
            with pytest.raises(BusyError, match=f"{SESSIONS} clients are connected"):
                daemon.connect()
        finally:
            for other in others:
                other.close()
    wait_for(lambda: can_connect(daemon), 2.0)


def can_connect(daemon: RunningDaemon) -> bool:
    try:
        daemon.connect().close()
    except (BusyError, DaemonUnavailableError):
        return False
    return True


def test_a_client_that_does_not_read_is_dropped(start: Start) -> None:
    """Its answers pile up to the high-water mark and no further; the daemon serves the others."""
    daemon = start()
    with daemon.connect() as client:
        spec = ImageSpec(1024, 1024 * 2, 4, "uint8")
        name = client.put(spec, bytes(spec.nbytes))
        greedy = RawClient(daemon)
        assert greedy.ask(HELLO)["type"] == "welcome"
        greedy.socket.rcvhwm = 1
        for number in range(100):
            header = {"type": "get", "id": number, "digest": name, "offset": 0, "length": spec.nbytes}
            greedy.socket.send(msgpack.packb(header))
        assert client.stylize(play(client, "invert")).spec
        assert client.status()["rss"] < 600 * 2**20
        greedy.close()
