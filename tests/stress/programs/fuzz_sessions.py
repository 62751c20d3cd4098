"""Coverage-guided fuzzing of whole conversations: a real broker, real sockets, three clients at a time.

``fuzz_sessions.py SECONDS [CORPUS]``. Every conversation ends with a valid job of a client that knows how to behave,
whose pixels must come back right. What the broker cannot handle, or only with a traceback, ends the run.
"""

import itertools
import logging
import os
import sys
import threading
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["photostyle", "photostyle_protocol"]):
    import msgpack
    import zmq

    from photostyle.daemon.broker import Broker, StopSwitch
    from photostyle.daemon.config import DaemonConfig
    from photostyle.daemon.doors import open_local_door
    from photostyle.daemon.runner import Runner
    from photostyle.daemon.store import ImageStore
    from photostyle.daemon.worker_process import WorkerProcess
    from photostyle_protocol.client import Client, JobResult
    from photostyle_protocol.errors import BusyError, UnknownImageError
    from photostyle_protocol.images import ImageSpec, digest
    from photostyle_protocol.limits import PROTOCOL
    from photostyle_protocol.messages import FROM_CLIENT
    from photostyle_protocol.request import RegionRef, Settings, StylizeRequest

from values import message_of

SPEC = ImageSpec(2, 3, 1, "uint8")
WIRE_SPEC = {"height": 2, "width": 3, "channels": 1, "dtype": "uint8"}
PICTURES = {digest(SPEC, bytes([n] * 6)): bytes([n] * 6) for n in range(4)}
PARTS = ("copy",) * 30 + ("slow",) * 6 + ("fail",) * 6 + ("stranger",) * 6 + ("lie", "die", "nonsense", "huge")
KNOWN = {name: cls for name, cls in FROM_CLIENT.items() if name != "shutdown"}
BUDGET = 60


class Complaints(logging.Handler):
    """Ends the run when the broker logs what it did not foresee."""

    def emit(self, record: logging.LogRecord) -> None:
        expected = ("the worker broke the rules of its pipe", "a glimpse cannot be kept")
        if record.levelno >= logging.ERROR and not record.getMessage().startswith(expected):
            print(self.format(record), file=sys.stderr, flush=True)
            os.abort()


class House:
    """A broker at work in a thread."""

    def __init__(self, folder: Path) -> None:
        (folder / "store").mkdir(mode=0o700)
        context = zmq.Context()
        door = open_local_door(context, folder, "ipc")
        command = [sys.executable, str(Path(__file__).with_name("quick_worker.py")), "--store", str(folder / "store")]
        self.store = ImageStore(folder / "store", BUDGET)
        runner = Runner(
            DaemonConfig(silence_s=3.0), self.store, lambda n: WorkerProcess(context, n, command, folder / "worker.log")
        )
        self.endpoint = door.connection.endpoint
        self.broker = Broker(context, [door], runner, StopSwitch())
        self.thread = threading.Thread(target=self.broker.run, daemon=True)
        self.thread.start()
        self.good = Client.connect(self.endpoint)


class Stranger:
    """A client that says anything."""

    def __init__(self, endpoint: str) -> None:
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)

    def say(self, frames: list[bytes]) -> None:
        self.socket.send_multipart(frames)

    def listen(self) -> None:
        while self.socket.poll(0):
            self.socket.recv_multipart()


def conversation(house: House, data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    strangers = [Stranger(house.endpoint) for _ in range(provider.ConsumeIntInRange(1, 3))]
    for number in itertools.count(1):
        if not provider.remaining_bytes() or number > 30:
            break
        stranger = provider.PickValueInList(strangers)
        stranger.say(frames(provider, number))
        stranger.listen()
    for stranger in strangers:
        stranger.socket.close()
    valid_job(house)


def frames(provider, number: int) -> list[bytes]:
    choice = provider.ConsumeIntInRange(0, 7)
    if choice == 0:
        return [provider.ConsumeBytes(30) for _ in range(provider.ConsumeIntInRange(1, 3))]
    if choice == 1:
        return [msgpack.packb({"type": "hello", "id": number, "protocol": PROTOCOL, "client": "f"})]
    if choice in (2, 3):
        return put(provider, number)
    if choice in (4, 5):
        return [msgpack.packb({"type": "stylize", "id": number, "request": request(provider)})]
    return [msgpack.packb(message_of(provider, KNOWN)), provider.ConsumeBytes(6)][: provider.ConsumeIntInRange(1, 2)]


def put(provider, number: int) -> list[bytes]:
    name = provider.PickValueInList(sorted(PICTURES))
    offset, end = sorted((provider.ConsumeIntInRange(0, 6), provider.ConsumeIntInRange(0, 6)))
    header = {"type": "put", "id": number, "digest": name, "spec": WIRE_SPEC, "offset": offset}
    return [msgpack.packb(header), PICTURES[name][offset:end]]


def request(provider) -> dict:
    content, style = (provider.PickValueInList(sorted(PICTURES)) for _ in range(2))
    settings = {"method": provider.PickValueInList(list(PARTS))}
    regions = [{"style": style}] * provider.ConsumeIntInRange(0, 3)
    return {"content": content, "regions": regions, "settings": settings, "preview": provider.ConsumeBool()}


def job(client: Client) -> tuple[str, JobResult]:
    name = client.put(SPEC, PICTURES[sorted(PICTURES)[0]])
    return name, client.stylize(StylizeRequest(name, (RegionRef(name),), settings=Settings("copy")))


def once_there_is_room(ask):
    """What strangers who vanished have left in the store and in the queue goes a moment after them."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return ask()
        except (BusyError, UnknownImageError):
            assert time.monotonic() < deadline, "there is no room again"
            time.sleep(0.05)


def valid_job(house: House) -> None:
    assert house.thread.is_alive(), "the broker has ended"
    name, result = once_there_is_room(lambda: job(house.good))
    assert house.good.get(result.digest) == (SPEC, bytearray(PICTURES[name]))
    status = house.good.status()
    assert status["store"]["bytes"] <= BUDGET + SPEC.nbytes
    assert status["clients"] <= 64


if __name__ == "__main__":
    seconds, *corpus = sys.argv[1:]
    logging.getLogger().addHandler(Complaints())
    house = House(Path(os.environ["PHOTOSTYLE_RUNTIME_DIR"]))
    limits = [f"-max_total_time={seconds}", "-max_len=2048", "-rss_limit_mb=2048", "-timeout=300", "-len_control=0"]
    atheris.Setup([sys.argv[0], *limits, *corpus], lambda data: conversation(house, data))
    atheris.Fuzz()
