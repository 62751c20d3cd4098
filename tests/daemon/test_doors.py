"""What a door does with a client that looks as if it did not read."""

import sys
import time
from pathlib import Path

import pytest
import zmq

from photostyle.daemon.doors import Door, open_local_door
from photostyle_protocol.limits import HIGH_WATER
from photostyle_protocol.sockets import harden

TRIES = 2000
"""Of which, with the second look, about every third gets through, and one is enough; without it none does."""

BREATH_SECONDS = 0.0001
"""In it ZeroMQ's own thread takes a full queue away."""

BLIND_SECONDS = 0.0005
"""For so long, and somewhat longer, a socket does not look again by itself and sees the queue as it was."""


@pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets there")
def test_who_reads_all_the_time_is_not_taken_for_one_who_does_not(runtime_dir: Path) -> None:
    context = zmq.Context()
    door = open_local_door(context, runtime_dir, "ipc")
    client = context.socket(zmq.DEALER)
    harden(client)
    client.connect(door.connection.endpoint)
    client.send(b"hello")
    name, _ = door.socket.recv_multipart()
    try:
        assert any(burst_gets_through(door, name, client) for _ in range(TRIES))
    finally:
        client.close()
        door.socket.close()
        context.term()


def burst_gets_through(door: Door, name: bytes, client: zmq.Socket) -> bool:
    """Whether one more message can be sent than wait for a client at most, before the socket looks by itself."""
    began = time.perf_counter()
    try:
        for _ in range(HIGH_WATER):
            door.send([name, b"x"], copy=True)
        taken_by = time.perf_counter() + BREATH_SECONDS
        while time.perf_counter() < taken_by:
            pass
        door.send([name, b"x"], copy=True)
    except zmq.Again:
        return False
    else:
        return time.perf_counter() - began < BLIND_SECONDS
    finally:
        read_all(client)


def read_all(client: zmq.Socket) -> None:
    while client.poll(2):
        client.recv()
