"""A client written from docs/protocol.md alone, with nothing of Photostyle's own.

``plain_client.py RUNTIME_FOLDER METHOD``: sends a small picture, runs the method, prints the result as one JSON line.
"""

import hashlib
import json
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


def send(socket, header, *frames):
    socket.send_multipart([msgpack.packb(header), *frames])


def receive(socket):
    if not socket.poll(10_000):
        sys.exit("no answer within 10 seconds")
    header, *frames = socket.recv_multipart()
    return msgpack.unpackb(header), frames


def ask(socket, header, *frames):
    send(socket, header, *frames)
    while True:
        answer, pixels = receive(socket)
        if answer.get("id") == header["id"]:
            if answer["type"] == "error":
                sys.exit(json.dumps(answer))
            return answer, pixels


def put(socket, first_id):
    name = digest(SPEC, PIXELS)
    held, _ = ask(socket, {"type": "have", "id": first_id, "digests": [name]})
    if name not in held["digests"]:
        for offset in range(0, len(PIXELS), BAND):
            header = {"type": "put", "id": first_id + 1 + offset, "digest": name, "spec": SPEC, "offset": offset}
            stored, _ = ask(socket, header, PIXELS[offset : offset + BAND])
        assert stored["complete"]
    return name


def run(socket, name, method):
    request = {"content": name, "regions": [{"style": name}], "settings": {"method": method, "strength": 1}}
    accepted, _ = ask(socket, {"type": "stylize", "id": 500, "request": request})
    number = 501
    while True:
        event, _ = receive(socket)
        if event["type"] == "progress":
            send(socket, {"type": "ping", "id": number})
            number += 1
        elif event.get("job") == accepted["job"]:
            return event


def get(socket, result):
    spec, pixels, number = result["spec"], b"", 1000
    sizes = {"uint8": 1, "uint16": 2, "float16": 2, "float32": 4}
    total = spec["height"] * spec["width"] * spec["channels"] * sizes[spec["dtype"]]
    while len(pixels) < total:
        header = {"type": "get", "id": number, "digest": result["digest"], "offset": len(pixels), "length": 16}
        _, frames = ask(socket, header)
        pixels += frames[0]
        number += 1
    return pixels


def main():
    connection = json.loads((Path(sys.argv[1]) / "connection.json").read_text())
    context = zmq.Context()
    with context.socket(zmq.DEALER) as socket:
        socket.linger = 100
        if connection["server_key"]:
            socket.curve_serverkey = connection["server_key"].encode()
            socket.curve_publickey = connection["client_public"].encode()
            socket.curve_secretkey = connection["client_secret"].encode()
        socket.connect(connection["endpoint"])
        welcome, _ = ask(socket, {"type": "hello", "id": 1, "protocol": 2, "client": "plain 1"})
        assert welcome["type"] == "welcome"
        event = run(socket, put(socket, 2), sys.argv[2])
        if event["type"] == "result":
            event["pixels"] = get(socket, event).hex()
        send(socket, {"type": "bye", "id": 2000})
        print(json.dumps(event))
    context.term()


if __name__ == "__main__":
    main()
