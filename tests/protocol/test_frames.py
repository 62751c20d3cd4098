"""The frame codec: everything valid comes back, everything else is refused with a sentence."""

from dataclasses import fields

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photostyle_protocol import messages as m
from photostyle_protocol.errors import PhotostyleError, ProtocolError
from photostyle_protocol.frames import decode, encode
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.limits import BAND_BYTES, FRAMES, HEADER_BYTES
from photostyle_protocol.outcome import LossCurve, Notice
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from photostyle_protocol.status import DaemonStatus, JobCounts, StoreStatus, WorkerStatus

SPEC = ImageSpec(2, 3, 4, "uint16")
REQUEST = StylizeRequest(
    "a" * 64,
    (RegionRef("b" * 64, "c" * 64, None, 0.5), RegionRef("d" * 64)),
    "e" * 64,
    Settings("rest", 0.25, True, "none", {"flag": True, "count": 3, "weight": 0.5, "name": "x"}),
    True,
)
STORE, WORKER, COUNTS = StoreStatus(1, 2, 3), WorkerStatus("idle", 3, None), JobCounts(0, 1, 2, 3, 4)
STATUS = DaemonStatus(1, "0.1", 2.5, "ipc:///x", None, "cpu", None, WORKER, STORE, 4, COUNTS)
VALUES = {
    "id": 7, "job": 8, "protocol": 1, "client": "c", "version": "v", "capabilities": ("x",), "worker": "idle",
    "device": "cpu", "digests": ("a" * 64,), "digest": "a" * 64, "spec": SPEC, "offset": 9, "length": 10,
    "received": 11, "complete": True, "request": REQUEST, "status": STATUS, "code": "busy", "message": "m",
    "hint": "", "fraction": 0.5, "stage": "s", "seconds": {"s": 0.5}, "reason": "asked",
    "glimpse": "f" * 64, "losses": (LossCurve("total", (0.5, 1.0), (2.0, 1.5)),), "notices": (Notice("cpu", "m"),),
}  # fmt: skip
TABLES = [(table, name) for table in (m.FROM_CLIENT, m.FROM_DAEMON) for name in table]


def frames_of(cls: type) -> list[bytes]:
    message = cls(**{field.name: VALUES[field.name] for field in fields(cls)})
    return [encode(message), *([b"pixels"] if cls in m.CARRIES_PIXELS else [])]


@pytest.mark.parametrize(("table", "name"), TABLES)
def test_every_message_comes_back(table: dict, name: str) -> None:
    cls = table[name]
    received = decode(table, frames_of(cls))
    assert received.message == cls(**{field.name: VALUES[field.name] for field in fields(cls)})
    assert bytes(received.pixels) == (b"pixels" if cls in m.CARRIES_PIXELS else b"")


@pytest.mark.parametrize(("table", "name"), TABLES)
def test_keys_are_strict(table: dict, name: str) -> None:
    head, *rest = frames_of(table[name])
    header = msgpack.unpackb(head)
    with pytest.raises(ProtocolError, match="has the unknown key 'extra'"):
        decode(table, [msgpack.packb({**header, "extra": 1}), *rest])
    for key in set(header) - {"type"}:
        less = {k: v for k, v in header.items() if k != key}
        with pytest.raises(ProtocolError, match=f"lacks the key '{key}'"):
            decode(table, [msgpack.packb(less), *rest])
        for wrong in (None, b"", [None], {"x": None}, float("nan"), 1 if key == "complete" else True):
            with pytest.raises(PhotostyleError):
                decode(table, [msgpack.packb({**header, key: wrong}), *rest])


@pytest.mark.parametrize(("table", "name"), TABLES)
def test_the_number_of_frames(table: dict, name: str) -> None:
    frames = frames_of(table[name])
    with pytest.raises(ProtocolError, match="frames, but needs"):
        decode(table, [*frames, b""])
    if len(frames) == 2:
        with pytest.raises(ProtocolError, match="has 1 frames, but needs 2"):
            decode(table, frames[:1])


PING = encode(m.Ping(1))
BROKEN = {
    "no frames": ([], "0 frames"),
    "many frames": ([PING] * (FRAMES + 1), "17 frames"),
    "long header": ([bytes(HEADER_BYTES + 1)], "A header of 65537 bytes"),
    "long band": ([PING, memoryview(bytearray(BAND_BYTES + 1))], "A frame is longer"),
    "empty": ([b""], "not msgpack"),
    "reserved byte": ([b"\xc1"], "not msgpack"),
    "trailing byte": ([PING + b"\0"], "not msgpack"),
    "deep": ([b"\x81\xa1x" * 5000], "not msgpack"),
    "long string": ([msgpack.packb({"type": "x" * 20_000})], "not msgpack"),
    "number as key": ([msgpack.packb({1: 2})], "not msgpack"),
    "bin": ([msgpack.packb({"type": b"ping", "id": 1})], "not msgpack"),
    "ext": ([msgpack.packb({"type": "ping", "id": msgpack.Timestamp(1)})], "not msgpack"),
    "large map": ([msgpack.packb({str(i): i for i in range(300)})], "not msgpack"),
    "claimed length": ([b"\xdd\xff\xff\xff\xff"], "not msgpack"),
    "no utf-8": ([b"\x81\xa4type\xa1\xff"], "not msgpack"),
    "no map": ([msgpack.packb([1])], "not a map"),
    "the other direction": ([msgpack.packb({"type": "welcome", "id": 1})], "'welcome' is unknown"),
    "type of another type": ([msgpack.packb({"type": ["ping"], "id": 1})], "is unknown"),
    "no type": ([msgpack.packb({"id": 1})], "'None' is unknown"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_frames(case: str) -> None:
    frames, why = BROKEN[case]
    with pytest.raises(ProtocolError, match=why):
        decode(m.FROM_CLIENT, frames)


def test_too_long_a_header_is_not_sent() -> None:
    with pytest.raises(ProtocolError, match="longer than the limit"):
        encode(m.Have(1, ("0" * 64,) * 1000))


@given(st.lists(st.binary(max_size=200), max_size=18))
def test_any_bytes_are_refused(frames: list[bytes]) -> None:
    with pytest.raises(ProtocolError):
        decode(m.FROM_CLIENT, frames)


SCALAR = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=10)
ANYTHING = st.recursive(
    SCALAR | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.data())
def test_spoilt_messages_are_read_or_refused(data: st.DataObject) -> None:
    table, name = data.draw(st.sampled_from(TABLES))
    head, *rest = frames_of(table[name])
    header = msgpack.unpackb(head)
    header[data.draw(st.sampled_from(sorted(header)))] = data.draw(ANYTHING)
    try:
        received = decode(table, [msgpack.packb(header), *rest])
    except PhotostyleError:
        return
    assert type(received.message) in table.values()
    assert encode(received.message)


@given(st.data())
def test_flipped_bits_are_read_or_refused(data: st.DataObject) -> None:
    table, name = data.draw(st.sampled_from(TABLES))
    head, *rest = frames_of(table[name])
    spoilt = bytearray(head)
    spoilt[data.draw(st.integers(0, len(spoilt) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        received = decode(table, [bytes(spoilt), *rest])
    except PhotostyleError:
        return
    assert type(received.message) in table.values()
