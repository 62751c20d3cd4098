"""A live daemon is sent nonsense, and serves on."""

import msgpack
import zmq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photostyle_protocol.connection import read_connection
from photostyle_protocol.limits import PROTOCOL
from photostyle_protocol.messages import FROM_CLIENT
from support.daemon import PIXELS, RunningDaemon, Start, play

KEYS = sorted({key for cls in FROM_CLIENT.values() for key in cls.__dataclass_fields__})
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=80)
    | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
SPECS = st.fixed_dictionaries(
    {
        "height": st.integers(-1, 4),
        "width": st.integers(-1, 4),
        "channels": st.integers(0, 5),
        "dtype": st.sampled_from(["uint8", "float32", "x"]),
    }
)
DIGESTS = st.sampled_from(["0" * 64, "f" * 64, "", "../x"])
PLAUSIBLE = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(set(FROM_CLIENT) - {"shutdown", "bye"}))},
    optional={
        "id": st.integers(-2, 9),
        "protocol": st.just(PROTOCOL) | VALUES,
        "client": st.just("fuzz") | VALUES,
        "digests": st.lists(DIGESTS, max_size=3) | VALUES,
        "digest": DIGESTS | VALUES,
        "spec": SPECS | VALUES,
        "offset": st.integers(-1, 9) | VALUES,
        "length": st.integers(-1, 9) | VALUES,
        "job": st.integers(-1, 9) | VALUES,
        "request": st.fixed_dictionaries({"content": DIGESTS, "regions": st.lists(SPECS, max_size=2)}) | VALUES,
    },
)
HEADERS = PLAUSIBLE | st.dictionaries(st.sampled_from([*KEYS, "type"]), VALUES, max_size=5)
MESSAGES = st.tuples(HEADERS.map(msgpack.packb) | st.binary(max_size=60), st.lists(st.binary(max_size=40), max_size=3))


def test_the_daemon_serves_on(start: Start) -> None:
    daemon = start()
    pid = daemon.wait_for_worker()
    context = zmq.Context()
    with context.socket(zmq.DEALER) as socket:
        socket.linger = 0
        socket.connect(read_connection(daemon.folder / "connection.json").endpoint)
        hello = {"type": "hello", "id": 0, "protocol": PROTOCOL, "client": "fuzz"}

        @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(MESSAGES, min_size=1, max_size=5))
        def send_nonsense(messages: list[tuple[bytes, list[bytes]]]) -> None:
            for header, frames in messages:
                socket.send_multipart([header, *frames])
                assert socket.poll(5000), "every message has an answer"
                assert msgpack.unpackb(socket.recv_multipart()[0])["type"]

        socket.send(msgpack.packb(hello))
        assert msgpack.unpackb(socket.recv())["type"] == "welcome"
        send_nonsense()
    context.term()
    serves(daemon)
    assert daemon.wait_for_worker() == pid
    assert "Traceback" not in daemon.log


def serves(daemon: RunningDaemon) -> None:
    with daemon.connect() as client:
        result = client.stylize(play(client, "invert"))
        assert client.get(result.digest)[1] == bytes(255 - value for value in PIXELS)
