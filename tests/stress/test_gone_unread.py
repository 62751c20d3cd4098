"""A peer that goes while what it sent waits to be read: with ZeroMQ's heartbeats that ended the whole process."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.daemon import environment

SCRIPT = """
import sys, time, zmq
from pathlib import Path
from photostyle.daemon.doors import open_local_door
from photostyle_protocol.sockets import harden
context, other = zmq.Context(), zmq.Context()
door = open_local_door(context, Path(sys.argv[1]), "ipc")
with other.socket(zmq.DEALER) as client:
    harden(client)
    client.connect(door.connection.endpoint)
    client.send(b"hello")
    name, _ = door.socket.recv_multipart()
    if sys.argv[2] == "client":
        sender, reader = lambda: client.send(bytes(200_000), zmq.NOBLOCK), door.socket
    else:
        sender, reader = lambda: door.send([name, bytes(200_000)], copy=True), client
    for _ in range(400):
        try:
            sender()
        except zmq.Again:
            time.sleep(0.005)
    time.sleep(0.3)
    (client if sys.argv[2] == "client" else door.socket).close()
    time.sleep(4.0)  # longer than the heartbeats' interval was
    assert reader.poll(0)
door.socket.close()
context.term()
other.term()
"""


@pytest.mark.parametrize("who_goes", ["client", pytest.param("daemon", marks=pytest.mark.stress)])
def test_the_reader_lives(runtime_dir: Path, who_goes: str) -> None:
    command = [sys.executable, "-c", SCRIPT, str(runtime_dir), who_goes]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
