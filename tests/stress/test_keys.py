"""Keys that are revoked, added or stolen, noise at a door that asks for keys, and somebody who listens."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import msgpack
import pytest
import zmq

from photostyle.daemon.config import WORKER_COMMAND
from photostyle.daemon.jobs import JOBS, JOBS_PER_CLIENT
from photostyle.daemon.sessions import SESSIONS
from photostyle_protocol.client import Client
from photostyle_protocol.connection import Connection, read_connection, write_connection
from photostyle_protocol.errors import BadOptionError, BusyError, DaemonError, DaemonUnavailableError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.keys import make_client
from support.daemon import RunningDaemon, Start, play
from support.raw_client import HELLO, comes_in, serves
from support.waiting import wait_for

QUICK = 0.7


class Network:
    """A daemon that listens to a network, and its list of keys."""

    def __init__(self, start: Start, folder: Path, **config: object) -> None:
        self.folder, self.publics = folder, {}
        for name in ("ann", "bob"):
            self.publics[name] = make_client(folder / f"{name}.json", "", "")
        self.allow("ann")
        self.files = {"allowed_keys": str(folder / "allowed"), "server_keys": str(folder / "server.json")}
        self.daemon: RunningDaemon = start(listen="tcp://127.0.0.1:*", **self.files, **config)
        self.point_clients_at_the_daemon()

    def point_clients_at_the_daemon(self) -> None:
        with self.daemon.connect() as client:
            self.endpoint = client.status()["listen"]
        server = read_connection(self.folder / "server.json").server_key
        for name in self.publics:
            made = read_connection(self.folder / f"{name}.json")
            known = Connection(self.endpoint, 0, "", server, made.client_public, made.client_secret)
            write_connection(self.folder / f"{name}.json", known)

    def allow(self, *names: str) -> None:
        (self.folder / "allowed").write_text("".join(f"{self.publics[name]} {name}\n" for name in names))

    def connect(self, name: str, timeout: float = 5.0) -> Client:
        return Client.connect(str(self.folder / f"{name}.json"), timeout)

    def is_let_in(self, name: str) -> bool:
        try:
            self.connect(name, 1.0).close()
        except DaemonUnavailableError:
            return False
        return True


@pytest.fixture
def network(start: Start, runtime_dir: Path) -> Network:
    return Network(start, runtime_dir)


def test_a_key_that_is_revoked(network: Network) -> None:
    """At once, for whoever is in already, without a restart; its jobs end."""
    with network.connect("ann") as ann, network.daemon.connect() as local:
        ann.submit(play(ann, "steps", count=3000))
        wait_for(lambda: local.status()["jobs"]["running"])
        network.allow("bob")
        wait_for(lambda: not local.status()["jobs"]["running"], 10.0, "the end of the job")
        with pytest.raises(DaemonUnavailableError, match="does not let this client in any more"):
            ann.status()
    assert not network.is_let_in("ann")
    assert network.is_let_in("bob")


@pytest.mark.parametrize(
    "content", [None, *(pytest.param(text, marks=pytest.mark.stress) for text in ("", "garbage\n"))]
)
def test_a_list_that_is_spoilt_lets_nobody_in(network: Network, content: str | None) -> None:
    with network.connect("ann") as ann:
        if content is None:
            (network.folder / "allowed").unlink()
        else:
            (network.folder / "allowed").write_text(content)
        wait_for(lambda: "nobody is let in from the network" in network.daemon.log)
        with pytest.raises(DaemonUnavailableError):
            ann.status()
    assert serves(network.daemon)
    network.allow("ann")
    wait_for(lambda: network.is_let_in("ann"), 10.0)


def test_the_daemons_own_key_is_changed(network: Network, start: Start) -> None:
    """Clients that know the old one do not talk to the new one."""
    assert network.daemon.stop() == 0
    (network.folder / "server.json").unlink()
    network.daemon = start(listen=network.endpoint, **network.files)
    assert not network.is_let_in("ann")
    network.point_clients_at_the_daemon()
    assert network.is_let_in("ann")


def test_another_machine_cannot_stop_the_daemon(network: Network) -> None:
    with network.connect("ann") as ann:
        with pytest.raises(DaemonError, match="cannot stop the daemon"):
            ann.shutdown()
        assert ann.status()["pid"] == network.daemon.process.pid


def test_another_machine_cannot_name_files_of_this_one(start: Start, runtime_dir: Path) -> None:
    """What lies at a path is told to nobody on the network, not even whether anything does; the person here may ask."""
    network = Network(start, runtime_dir, worker_command=WORKER_COMMAND, device="cpu")
    secret = runtime_dir / "server.json"
    with network.connect("ann") as ann, network.daemon.connect() as local:
        for method, option in (("johnson", "model"), ("gatys", "weights")):
            for path in (secret, runtime_dir / "nothing"):
                with pytest.raises(BadOptionError, match=f"The option {option} names a file") as refused:
                    ann.stylize(play(ann, method, **{option: str(path)}))
                assert str(path) not in str(refused.value)
        with pytest.raises(BadOptionError, match="is no trained style"):
            local.stylize(play(local, "johnson", model=str(secret)))
        with pytest.raises(BadOptionError, match="No trained style is chosen"):
            ann.stylize(play(ann, "johnson", model=""))


def test_another_machine_cannot_lock_the_person_here_out(network: Network) -> None:
    ann = read_connection(network.folder / "ann.json")
    with zmq.Context() as context, contextlib.ExitStack() as stack:
        many = [stack.enter_context(curve_socket(context, ann)) for _ in range(SESSIONS)]
        for made in many:
            made.send(msgpack.packb(HELLO))
        assert [answer_of(made)["type"] for made in many] == ["welcome"] * SESSIONS
        with pytest.raises(BusyError, match=f"{SESSIONS} clients are connected"):
            network.connect("ann")
        assert serves(network.daemon)


def test_another_machine_cannot_fill_the_queue_of_the_person_here(network: Network) -> None:
    with network.daemon.connect() as local, contextlib.ExitStack() as stack:
        anns = [stack.enter_context(network.connect("ann")) for _ in range(JOBS // JOBS_PER_CLIENT)]
        request = play(anns[0], "steps", count=3000)
        anns[0].submit(request)
        wait_for(lambda: local.status()["jobs"]["running"])
        for ann in anns:
            for _ in range(JOBS_PER_CLIENT):
                ann.submit(request)
        with network.connect("ann") as one_more, pytest.raises(BusyError, match=f"{JOBS} jobs are waiting"):
            one_more.submit(request)
        assert local.submit(play(local, "invert"))


def curve_socket(context: zmq.Context, known: Connection, identity: bytes = b"") -> zmq.Socket:
    made = context.socket(zmq.DEALER)
    made.linger = 0
    if identity:
        made.routing_id = identity
    made.curve_serverkey = known.server_key.encode()
    made.curve_publickey, made.curve_secretkey = known.client_public.encode(), known.client_secret.encode()
    made.connect(known.endpoint)
    return made


def test_who_takes_the_name_of_another_is_not_taken_for_them(network: Network) -> None:
    """The name at a door can be chosen; a session belongs to the key as well."""
    network.allow("ann", "bob")
    wait_for(lambda: network.is_let_in("bob"), 10.0)
    context = zmq.Context()
    ann = curve_socket(context, read_connection(network.folder / "ann.json"), b"laptop")
    ann.send(msgpack.packb(HELLO))
    assert msgpack.unpackb(ann.recv())["type"] == "welcome"
    ann.close()
    bob = read_connection(network.folder / "bob.json")
    # As long as the daemon has not noticed that the other one has gone, a connection of the same name is not heard.
    answer = wait_for(lambda: answer_to_status(context, bob, b"laptop"), 20.0, "an answer")
    assert answer["type"] == "hello_required"
    context.term()


def answer_of(made: zmq.Socket) -> dict:
    assert made.poll(10_000), "no answer"
    return msgpack.unpackb(made.recv())


def answer_to_status(context: zmq.Context, known: Connection, identity: bytes) -> dict | None:
    with curve_socket(context, known, identity) as made:
        made.send(msgpack.packb({"type": "status", "id": 2}))
        return msgpack.unpackb(made.recv()) if made.poll(1000) else None


def test_noise_at_a_door_that_asks_for_keys(network: Network) -> None:
    host, port = network.endpoint.removeprefix("tcp://").split(":")
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x01"
    noises = [
        os.urandom(4096),
        b"GET / HTTP/1.1\r\n\r\n",
        greeting + b"NULL".ljust(20, b"\0") + bytes(32),
        greeting + b"CURVE".ljust(20, b"\0") + bytes(32) + b"\x04\xc8\x05HELLO" + bytes(194),
        greeting + b"CURVE".ljust(20, b"\0") + bytes(32) + b"\x06\xff" + b"\xff" * 8 + b"x",
        greeting + b"PLAIN".ljust(20, b"\0") + bytes(32) + b"\x04\x0a\x05HELLO\x01a\x01b",
    ]
    for noise in noises * 3:
        with socket.create_connection((host, int(port))) as stream:
            stream.sendall(noise)
    assert network.is_let_in("ann")
    assert serves(network.daemon)
    assert "Traceback" not in network.daemon.log


SECRET = bytes(range(7, 107))


@pytest.mark.stress
@pytest.mark.skipif(os.geteuid() != 0, reason="listening to a network device needs root")
def test_what_an_eavesdropper_sees(network: Network, tmp_path: Path) -> None:
    """Neither words nor pixels; beside it the same over a door without keys, where both are there to be read."""
    assert shutil.which("tshark"), "tests/stress/setup installs it"
    plain = zmq.Context()
    with plain.socket(zmq.PAIR) as one, plain.socket(zmq.PAIR) as two:
        ports = [network.endpoint.rpartition(":")[2], str(one.bind_to_random_port("tcp://127.0.0.1"))]
        two.connect(f"tcp://127.0.0.1:{ports[1]}")
        with Tap(tmp_path / "heard", ports) as tap:
            with network.connect("ann") as ann:
                name = ann.put(ImageSpec(10, 10, 1, "uint8"), SECRET)
                assert ann.get(name)[1] == SECRET
            two.send_multipart([msgpack.packb(HELLO), SECRET])
            assert one.recv_multipart()[1] == SECRET
        encrypted, open_ = (tap.heard(port) for port in ports)
    plain.term()
    assert len(encrypted) > 4 * len(SECRET)
    for secret in (SECRET, SECRET[:16], b"protocol", b"digest", name.encode(), network.publics["ann"].encode()):
        assert secret not in encrypted
    assert SECRET in open_
    assert b"protocol" in open_


class Tap:
    """Writes down what goes over the loopback device."""

    def __init__(self, file: Path, ports: list[str]) -> None:
        self.file = file
        ports_of = " or ".join(f"tcp port {port}" for port in ports)
        self.command = ["tshark", "-q", "-i", "lo", "-f", ports_of, "-w", str(file), "-F", "pcap"]

    def __enter__(self) -> "Tap":
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "Capturing on" in line:
                break
        wait_for(lambda: self.file.exists() and self.file.stat().st_size > 0, 20.0, "tshark")
        time.sleep(0.5)
        return self

    def __exit__(self, *error: object) -> None:
        time.sleep(1.0)
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=20)

    def heard(self, port: str) -> bytes:
        """Every byte that crossed to or from this port."""
        fields = ["-T", "fields", "-e", "tcp.payload"]
        found = subprocess.run(
            ["tshark", "-r", str(self.file), "-Y", f"tcp.port == {port}", *fields],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return b"".join(bytes.fromhex(line) for line in found.stdout.split())


@pytest.mark.stress
def test_a_thousand_connections_that_never_shake_hands(network: Network) -> None:
    """They are held for five seconds each, in open files that the daemon has; whoever is in notices nothing."""
    host, port = network.endpoint.removeprefix("tcp://").split(":")
    with network.connect("ann") as ann:
        held = [socket.create_connection((host, int(port))) for _ in range(1500)]
        try:
            assert ann.stylize(play(ann, "invert")).spec
            assert serves(network.daemon)
        finally:
            for stream in held:
                stream.close()
    wait_for(lambda: network.is_let_in("ann"), 20.0)


def test_with_few_files_nobody_falls(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no more files may be opened, newcomers wait; the daemon lives, and lets them in later."""
    import psutil

    daemon = start(local_transport="tcp")
    daemon.wait_for_worker()
    process = psutil.Process(daemon.process.pid)
    process.rlimit(psutil.RLIMIT_NOFILE, (process.num_fds() + 8,) * 2)
    host, port = read_connection(daemon.folder / "connection.json").endpoint.removeprefix("tcp://").split(":")
    held = [socket.create_connection((host, int(port))) for _ in range(60)]
    time.sleep(0.5)
    for stream in held:
        stream.close()
    wait_for(lambda: comes_in(daemon), 20.0)
