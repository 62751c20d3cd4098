"""Bytes that keep to no rules, down to ZeroMQ's own."""

import os
import threading

import msgpack
import psutil
import pytest
import zmq

from photostyle.daemon.intake import PARTS_AT_ONCE
from photostyle_protocol import limits
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.images import ImageSpec, digest
from support.daemon import RunningDaemon, Start, play
from support.raw_client import GREETING, HELLO, LONG, MORE, RawClient, RawStream, comes_in, serves
from support.waiting import wait_for

PING = msgpack.packb({"type": "ping", "id": 7})


@pytest.mark.stress
def test_half_a_greeting(house: RunningDaemon) -> None:
    """The handshake has five seconds; whoever has not finished it by then is shown out."""
    with RawStream(house, handshake=False) as nothing, RawStream(house, handshake=False) as half:
        half.socket.sendall(GREETING[:30])
        assert serves(house)
        assert nothing.is_closed_within(3 * limits.HANDSHAKE_MS / 1000)
        assert half.is_closed_within(limits.HANDSHAKE_MS / 1000)


def test_no_greeting_at_all(house: RunningDaemon) -> None:
    for noise in (b"GET / HTTP/1.1\r\n\r\n", os.urandom(4096), b"\xff" * 64, b"\0" * 64):
        with RawStream(house, handshake=False) as stream:
            stream.socket.sendall(noise)
    assert serves(house)


def test_half_a_message_then_nothing(house: RunningDaemon) -> None:
    with RawStream(house) as stream:
        stream.send(b"", MORE)
        stream.send(msgpack.packb(HELLO)[:10], announced=1000)
    assert serves(house)


@pytest.mark.parametrize("announced", [limits.BAND_BYTES + 1, 2**40, 2**63 - 1, 2**64 - 1])
def test_a_frame_that_announces_too_much(house: RunningDaemon, announced: int) -> None:
    """It is refused by its announcement; nothing is set aside for it."""
    with RawStream(house) as stream:
        stream.send(b"abc", announced=announced)
        assert stream.is_closed_within(5.0)
    assert serves(house)


def test_the_largest_frame_and_one_byte_more(house: RunningDaemon) -> None:
    spec = ImageSpec(1, limits.BAND_BYTES, 1, "uint8")
    pixels = bytes(limits.BAND_BYTES)
    header = {"type": "put", "id": 2, "digest": digest(spec, pixels), "offset": 0}
    header["spec"] = {"height": 1, "width": limits.BAND_BYTES, "channels": 1, "dtype": "uint8"}
    raw = RawClient(house)
    raw.ask(HELLO)
    assert raw.ask({**header, "digest": "0" * 64}, pixels[1:])["received"] == limits.BAND_BYTES - 1
    assert raw.ask(header, pixels)["complete"]
    raw.socket.send_multipart([msgpack.packb(header), pixels + b"x"])
    assert not raw.socket.poll(500)
    raw.close()
    assert serves(house)


@pytest.mark.parametrize("depth", [100, 400, 900, 1000, 1020, 1100, 60_000])
def test_values_within_values(house: RunningDaemon, depth: int) -> None:
    raw = RawClient(house)
    raw.ask(HELLO)
    answer = raw.ask_frames(b"\x82\xa4type\xa4ping\xa2id" + b"\x91" * depth + b"\x00")
    assert (answer["type"], answer["code"]) == ("error", "protocol")
    raw.close()
    assert "Traceback" not in house.log


def test_long_names_in_a_request(house: RunningDaemon) -> None:
    """What is refused is quoted; the quotation fits the worker's pipe."""
    pid = house.wait_for_worker()
    with house.connect() as client:
        with pytest.raises(BadOptionError, match=r"^x{100,4000}$"):
            client.stylize(play(client, "refuse", what="x" * 16_000))
        assert serves(house)
    assert house.wait_for_worker() == pid


def test_ids_that_come_again(house: RunningDaemon) -> None:
    """An id is the client's own affair: every question has its answer."""
    raw = RawClient(house)
    for _ in range(5):
        assert raw.ask(HELLO)["type"] == "welcome"
    for _ in range(50):
        raw.socket.send(PING)
    assert [raw.answer() for _ in range(50)] == [{"type": "pong", "id": 7}] * 50
    raw.close()


def test_a_message_of_very_many_frames(house: RunningDaemon) -> None:
    """They are dropped as they come, and others have their turn meanwhile."""
    raw = RawClient(house)
    raw.ask(HELLO)
    for _ in range(3 * PARTS_AT_ONCE):
        raw.socket.send(b"x", zmq.SNDMORE)
    answer = raw.ask_frames(b"end")
    assert answer["code"] == "protocol"
    assert answer["message"].startswith("A message of 17 frames")
    assert raw.ask({"type": "ping", "id": 3}) == {"type": "pong", "id": 3}
    raw.close()


def test_a_message_without_an_end(start: Start) -> None:
    """ZeroMQ would take it in until the memory is full; the daemon cuts it off, and everybody else comes back."""
    daemon = start(memory_bytes=200 << 20)
    with RawStream(daemon) as endless:
        assert memory_of(daemon) < 150 << 20
        flood = threading.Thread(target=send_until_cut_off, args=(endless,))
        flood.start()
        flood.join(60)
        assert not flood.is_alive()
        wait_for(lambda: comes_in(daemon), 10.0)
        wait_for(lambda: memory_of(daemon) < 150 << 20, 10.0, "the memory")
    assert "all connections are cut" in daemon.log


def memory_of(daemon: RunningDaemon) -> int:
    return psutil.Process(daemon.process.pid).memory_info().rss


def send_until_cut_off(stream: RawStream) -> None:
    try:
        for _ in range(2000):
            stream.send(bytes(limits.BAND_BYTES), MORE | LONG)
    except OSError:
        return
    raise AssertionError("16 GB were taken in")


def test_a_flood_does_not_fill_the_log(house: RunningDaemon) -> None:
    raw = RawClient(house)
    raw.socket.setsockopt(zmq.RCVHWM, 1)
    before = len(house.log)
    for number in range(3000):
        raw.socket.send(msgpack.packb({"type": "status" if number % 2 else "hello", "id": number}))
    raw.close()
    assert serves(house)
    assert len(house.log) - before < 10_000
