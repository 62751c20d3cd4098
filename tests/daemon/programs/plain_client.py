"""A client written from docs/protocol.md alone, with nothing of Photostyle's own.

``plain_client.py RUNTIME_FOLDER METHOD [BRIDGE …]``: sends a small picture, runs the method, prints the result as one
JSON line. With the command of a bridge it speaks through that instead of ZeroMQ.
"""

import contextlib
import hashlib
import json
import struct
import subprocess
import sys
from pathlib import Path

import msgpack
import zmq

SPEC = {"height": 3, "width": 5, "channels": 3, "dtype": "uint8"}
PIXELS = bytes(range(45))
BAND = 20


def digest(spec, pixels):
    head = "photostyle image {height} {width} {channels} {dtype}\n".format(**spec)
    return hashlib.sha256(head.encode("ascii") + pixels).hexdigest()


@contextlib.contextmanager
def zmq_line(folder):
    connection = json.loads((folder / "connection.json").read_text())
    context = zmq.Context()
    with context.socket(zmq.DEALER) as socket:
        socket.linger = 100
        socket.rcvtimeo = 10_000
        if connection["server_key"]:
            socket.curve_serverkey = connection["server_key"].encode()
            socket.curve_publickey = connection["client_public"].encode()
            socket.curve_secretkey = connection["client_secret"].encode()
        socket.connect(connection["endpoint"])
        yield socket
    context.term()


class PipeLine:
    def __init__(self, process):
        self.process = process

    def send_multipart(self, frames):
        lengths = [len(frame) for frame in frames]
        self.process.stdin.write(struct.pack(f"<B{len(frames)}I", len(frames), *lengths) + b"".join(frames))
        self.process.stdin.flush()

    def recv_multipart(self):
        count = self.process.stdout.read(1)[0]
        lengths = struct.unpack(f"<{count}I", self.process.stdout.read(4 * count))
        return [self.process.stdout.read(length) for length in lengths]


@contextlib.contextmanager
def pipe_line(folder, bridge):
    command = [*bridge, "--endpoint", str(folder / "connection.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield PipeLine(process)


def send(line, header, *frames):
    line.send_multipart([msgpack.packb(header), *frames])


def receive(line):
    header, *frames = line.recv_multipart()
    return msgpack.unpackb(header), frames


def ask(line, header, *frames):
    send(line, header, *frames)
    while True:
        answer, pixels = receive(line)
        if answer.get("id") == header["id"]:
            if answer["type"] == "error":
                sys.exit(json.dumps(answer))
            return answer, pixels


def put(line, first_id):
    name = digest(SPEC, PIXELS)
    held, _ = ask(line, {"type": "have", "id": first_id, "digests": [name]})
    if name not in held["digests"]:
        for offset in range(0, len(PIXELS), BAND):
            header = {"type": "put", "id": first_id + 1 + offset, "digest": name, "spec": SPEC, "offset": offset}
            stored, _ = ask(line, header, PIXELS[offset : offset + BAND])
        assert stored["complete"]
    return name


def run(line, name, method):
    request = {"content": name, "regions": [{"style": name}], "settings": {"method": method, "strength": 1}}
    accepted, _ = ask(line, {"type": "stylize", "id": 500, "request": request})
    number = 501
    while True:
        event, _ = receive(line)
        if event["type"] == "progress":
            send(line, {"type": "ping", "id": number})
            number += 1
        elif event.get("job") == accepted["job"]:
            return event


def get(line, result):
    spec, pixels, number = result["spec"], b"", 1000
    sizes = {"uint8": 1, "uint16": 2, "float16": 2, "float32": 4}
    total = spec["height"] * spec["width"] * spec["channels"] * sizes[spec["dtype"]]
    while len(pixels) < total:
        header = {"type": "get", "id": number, "digest": result["digest"], "offset": len(pixels), "length": 16}
        _, frames = ask(line, header)
        pixels += frames[0]
        number += 1
    return pixels


def main():
    folder, method, *bridge = sys.argv[1:]
    with pipe_line(Path(folder), bridge) if bridge else zmq_line(Path(folder)) as line:
        welcome, _ = ask(line, {"type": "hello", "id": 1, "protocol": 5, "client": "plain 1"})
        assert welcome["type"] == "welcome"
        event = run(line, put(line, 2), method)
        if event["type"] == "result":
            event["pixels"] = get(line, event).hex()
        send(line, {"type": "bye", "id": 2000})
        print(json.dumps(event))


if __name__ == "__main__":
    main()
