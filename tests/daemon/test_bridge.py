"""The bridge itself: how it starts, what it says when it cannot, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from pathlib import Path

import msgpack
import psutil
import pytest

from photostyle.cli import exit_codes
from photostyle_protocol.client import Client
from photostyle_protocol.errors import DaemonUnavailableError, ProtocolError, VersionMismatchError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.limits import BAND_BYTES, PROTOCOL
from photostyle_protocol.stream import read_frames, write_frames
from support.daemon import BRIDGE, RunningDaemon, environment, is_alive, play
from support.waiting import wait_for

HELLO = {"type": "hello", "id": 1, "protocol": PROTOCOL, "client": "raw"}
MEMORY = 600 * 2**20


class RawBridge:
    """A bridge whose pipes a test holds itself."""

    def __init__(self, *options: str) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [*BRIDGE, *options], stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, env=environment()
        )

    def send(self, header: dict, *frames: bytes) -> None:
        write_frames(self.process.stdin, [msgpack.packb(header), *frames])

    def answer(self) -> dict:
        frames = read_frames(self.process.stdout)
        assert frames is not None, self.process.stderr.read().decode()
        return msgpack.unpackb(frames[0])

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(20) is not None
        self.process.stderr.close()


@pytest.fixture
def raw(daemon: RunningDaemon) -> Iterator[RawBridge]:
    bridge = RawBridge("--endpoint", str(daemon.folder / "connection.json"))
    yield bridge
    bridge.close()


def bridge_of(client: Client) -> subprocess.Popen[bytes]:
    return client._channel._transport._process


def over_bridge(daemon: RunningDaemon) -> Client:
    return Client.over_bridge([*BRIDGE, "--endpoint", str(daemon.folder / "connection.json")])


def jobs_of(daemon: RunningDaemon) -> dict[str, int]:
    with daemon.connect() as client:
        return client.status()["jobs"]


def test_it_starts_the_daemon(runtime_dir: Path) -> None:
    with Client.over_bridge([*BRIDGE, "--device", "cpu"]) as client:
        status = client.status()
        assert status["device"].lower().startswith("cpu")
    os.kill(status["pid"], signal.SIGTERM)
    wait_for(lambda: not is_alive(status["pid"]), 20.0, "the end of the daemon")


def test_a_daemon_that_cannot_be_started(runtime_dir: Path) -> None:
    (runtime_dir / "daemon.lock").mkdir()
    with pytest.raises(DaemonUnavailableError, match=r"could not be started \(exit code") as caught:
        Client.over_bridge(BRIDGE)
    assert "daemon.lock" in caught.value.hint, "the last lines of the daemon's log"
    (runtime_dir / "daemon.lock").rmdir()


def test_there_is_no_daemon(runtime_dir: Path) -> None:
    with pytest.raises(DaemonUnavailableError, match="No daemon is running"):
        Client.over_bridge([*BRIDGE, "--endpoint", str(runtime_dir / "connection.json")])
    with pytest.raises(DaemonUnavailableError, match="is no address of a daemon"):
        Client.over_bridge([*BRIDGE, "--endpoint", "nonsense://here"])


def test_a_daemon_of_another_version(daemon: RunningDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photostyle_protocol.client.PROTOCOL", 7)
    with pytest.raises(VersionMismatchError, match="is older than this program") as caught:
        over_bridge(daemon)
    assert "photostyle stop" in caught.value.hint


@pytest.mark.parametrize(
    ("command", "what", "hint"),
    [
        (["/no/such/python", "-m", "photostyle.cli"], "/no/such/python cannot be started", "Is it installed"),
        ([sys.executable, "-c", "raise SystemExit('no such module')"], r"ended \(exit code 1\)", "no such module"),
        ([sys.executable, "-c", "pass"], r"ended \(exit code 0\)", "photostyle doctor"),
        ([*BRIDGE, "--colour"], r"ended \(exit code 2\)", "No such option"),
    ],
)
def test_a_command_that_is_no_bridge(command: list[str], what: str, hint: str) -> None:
    with pytest.raises(DaemonUnavailableError, match=what) as caught:
        Client.over_bridge(command)
    assert hint in caught.value.hint


def test_a_command_that_talks() -> None:
    with pytest.raises(ProtocolError, match="A message of 87 frames"):
        Client.over_bridge([sys.executable, "-c", "print('Welcome to this program!')"])


def test_a_bridge_that_never_answers() -> None:
    began = time.monotonic()
    with pytest.raises(DaemonUnavailableError, match=r"does not answer within 0\.5 s"):
        Client.over_bridge([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.5)
    assert time.monotonic() - began < 10


def test_a_bridge_that_hangs_does_not_hold_the_client(daemon: RunningDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photostyle_protocol.channel.SEND_SECONDS", 0.5)
    spec = ImageSpec(1, BAND_BYTES, 1, "uint8")
    client = over_bridge(daemon)
    bridge_of(client).send_signal(signal.SIGSTOP)
    with pytest.raises(DaemonUnavailableError, match="takes no more messages"):
        client.send_band("0" * 64, spec, 0, bytes(BAND_BYTES))
    began = time.monotonic()
    client.close()
    assert time.monotonic() - began < 10


def test_a_bridge_that_is_killed(daemon: RunningDaemon) -> None:
    daemon.wait_for_worker()
    with over_bridge(daemon) as client:
        job = client.submit(play(client, "steps", count=3000))
        wait_for(lambda: jobs_of(daemon)["running"])
        bridge_of(client).kill()
        with pytest.raises(DaemonUnavailableError, match=r"bridge to the daemon has ended \(exit code -9\)"):
            client._follow(job, None, None, None)
        with pytest.raises(DaemonUnavailableError, match="has ended"):
            client.status()
    wait_for(lambda: jobs_of(daemon)["running"] == 0, 10.0, "the end of the job")


def test_it_goes_when_its_program_does(raw: RawBridge, daemon: RunningDaemon) -> None:
    raw.send(HELLO)
    assert raw.answer()["type"] == "welcome"
    with daemon.connect() as client:
        assert client.status()["clients"] == 2
        raw.process.stdin.close()
        assert raw.process.wait(20) == exit_codes.OK
        wait_for(lambda: client.status()["clients"] == 1)
    assert read_frames(raw.process.stdout) is None, "nothing but messages may come"


def test_a_program_that_breaks_the_rules(raw: RawBridge) -> None:
    raw.process.stdin.write(b"\x01\xff\xff\xff\xff")
    said = raw.answer()
    assert (said["type"], said["id"], said["code"]) == ("error", -1, "protocol")
    assert "longer than the limit" in said["message"]
    assert raw.process.wait(20) == exit_codes.of_error(ProtocolError(""))


def test_a_program_that_does_not_read_costs_little_memory(raw: RawBridge, daemon: RunningDaemon) -> None:
    spec = ImageSpec(1, BAND_BYTES, 1, "uint8")
    with daemon.connect() as client:
        name = client.put(spec, bytes(BAND_BYTES))
    raw.send(HELLO)
    for number in range(100):
        raw.send({"type": "get", "id": number, "digest": name, "offset": 0, "length": BAND_BYTES})
    time.sleep(0.5)
    assert psutil.Process(raw.process.pid).memory_info().rss < MEMORY
    with daemon.connect() as client:
        assert client.status()["rss"] < MEMORY


def test_it_is_light(raw: RawBridge) -> None:
    raw.send(HELLO)
    assert raw.answer()["type"] == "welcome"
    loaded = {Path(entry.path).name for entry in psutil.Process(raw.process.pid).memory_maps()}
    assert any("zmq" in name for name in loaded)
    assert not [name for name in loaded if "torch" in name or "multiarray" in name]


NO_ZMQ = """
import sys
from pathlib import Path
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "zmq":
            raise ImportError("No module named 'zmq'")
sys.meta_path.insert(0, Missing())
import msgpack
from photostyle_protocol.client import Client
from photostyle_protocol.errors import DaemonUnavailableError
from support.daemon import PIXELS, SPEC, play, reach
folder = Path(sys.argv[1])
try:
    reach(folder, "zmq")
except DaemonUnavailableError as error:
    print(error)
with reach(folder, "bridge") as client:
    result = client.stylize(play(client, "invert"))
    same = client.get(result.digest) == (SPEC, bytes(255 - value for value in PIXELS))
print(msgpack.Packer.__module__, same, "zmq" in sys.modules)
"""


def test_a_python_that_has_neither_zmq_nor_compiled_msgpack(daemon: RunningDaemon) -> None:
    env = {**environment(), "MSGPACK_PUREPYTHON": "1"}
    command = [sys.executable, "-c", NO_ZMQ, str(daemon.folder)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    refusal, summary = done.stdout.strip().splitlines()
    assert refusal.startswith("This Python cannot reach a daemon by itself: No module named 'zmq'")
    assert summary == "msgpack.fallback True False"


def test_an_editors_own_python_settings_stay_outside(
    runtime_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With -E, neither the bridge nor the daemon and the worker that it starts see them."""
    python = python_of_its_own(tmp_path)
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    with Client.over_bridge([python, "-E", "-P", *BRIDGE[1:], "--device", "cpu"], 60.0) as client:
        wait_for(lambda: client.status()["worker"]["state"] == "idle", 60.0, "the worker")
        daemon = client.status()["pid"]
    os.kill(daemon, signal.SIGTERM)
    wait_for(lambda: not is_alive(daemon), 20.0, "the end of the daemon")


def python_of_its_own(folder: Path) -> str:
    """An environment that finds, without a variable, all that this process does."""
    venv.create(folder, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    (packages / "here.pth").write_text("\n".join(entry for entry in sys.path if entry))
    return str(folder / "bin" / "python")
