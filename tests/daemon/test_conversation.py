"""The whole way of a picture: hello, put, stylize, get."""

import os
import time

import pytest

from photostyle import __version__
from photostyle_protocol.client import Client
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.errors import BadImageError, ProtocolError, UnknownImageError
from photostyle_protocol.images import ImageSpec, digest
from photostyle_protocol.limits import BAND_BYTES, PROTOCOL
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from support.daemon import BOTH_WAYS, PIXELS, SPEC, RunningDaemon, Start, play

pytestmark = BOTH_WAYS


def test_hello_tells_who_answers(client: Client) -> None:
    info = client.hello()
    assert (info.version, info.protocol) == (__version__, PROTOCOL)
    assert "stylize" in info.capabilities
    assert info.worker in ("loading", "idle")


def test_hello_comes_while_the_worker_loads(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAY_LOADING", "slow")
    monkeypatch.setenv("PLAY_SECONDS", "30")
    began = time.monotonic()
    daemon = start()
    seconds = time.monotonic() - began
    with daemon.connect() as client:
        assert client.hello().worker == "loading"
    # 0.5 s is promised on a quiet machine; what is measured there is 0.15 s.
    assert seconds < 0.5 + 0.5 * os.getloadavg()[0]


def test_a_picture_goes_in_through_and_out(client: Client) -> None:
    seen: list[float] = []
    result = client.stylize(play(client, "invert"), lambda fraction, stage: seen.append(fraction))
    spec, pixels = client.get(result.digest)
    assert spec == result.spec == SPEC
    assert bytes(pixels) == bytes(255 - value for value in PIXELS)
    assert set(result.seconds) == {"reading", "inverting"}
    assert all(value >= 0 for value in result.seconds.values())
    assert all(0 <= fraction <= 1 for fraction in seen)


@pytest.mark.parametrize(
    "spec",
    [
        ImageSpec(1, 1, 1, "uint8"),
        ImageSpec(1, 3, 2, "uint16"),
        ImageSpec(5, 1, 4, "float16"),
        ImageSpec(3, 2, 4, "float32"),
        ImageSpec(1000, 2999, 3, "uint8"),
        ImageSpec(1, BAND_BYTES + 1, 1, "uint8"),
    ],
)
def test_every_shape_comes_back_as_it_was(client: Client, spec: ImageSpec) -> None:
    pixels = os.urandom(spec.nbytes)
    fractions: list[float] = []
    name = client.put(spec, pixels, fractions.append)
    assert name == digest(spec, pixels)
    assert fractions[-1] == 1.0
    assert len(fractions) == -(-spec.nbytes // BAND_BYTES)
    assert client.get(name) == (spec, bytearray(pixels))


def test_a_picture_crosses_piece_by_piece(client: Client) -> None:
    name = digest(SPEC, PIXELS)
    assert [client.send_band(name, SPEC, at, PIXELS[at : at + 700]) for at in (0, 700, 1400)] == [False, False, True]
    assert client.fetch_band(name, 0) == PIXELS
    assert client.fetch_band(name, 700, 100) == PIXELS[700:800]
    assert client.fetch_band(name, 1799, 100) == PIXELS[1799:]
    with pytest.raises(ProtocolError):
        client.fetch_band(name, 1800)
    with pytest.raises(ProtocolError):
        client.send_band("0" * 64, SPEC, 700, PIXELS[700:])


def test_what_is_there_is_not_sent_again(client: Client) -> None:
    client.put(SPEC, PIXELS)
    bands: list[float] = []
    name = client.put(SPEC, PIXELS, bands.append)
    assert bands == []
    assert client.have([name, "0" * 64]) == {name}


def test_a_buffer_of_another_length_is_refused(client: Client) -> None:
    with pytest.raises(BadImageError, match="needs 1800 bytes, but there are 1799"):
        client.put(SPEC, PIXELS[:-1])


def test_unknown_pictures_are_named(client: Client) -> None:
    request = StylizeRequest("0" * 64, (RegionRef("1" * 64),))
    with pytest.raises(UnknownImageError, match="0000… is not in the store"):
        client.stylize(request)
    with pytest.raises(UnknownImageError):
        client.get("2" * 64)


def test_the_worker_gets_shapes_as_the_pipeline_wants_them(daemon: RunningDaemon, client: Client) -> None:
    content = client.put(SPEC, PIXELS)
    mask = client.put(ImageSpec(20, 30, 1, "uint8"), bytes(600))
    style = client.put(ImageSpec(2, 2, 4, "uint16"), bytes(32))
    region = RegionRef(style, content_mask=mask)
    client.stylize(
        StylizeRequest(content, (region,), mask, Settings("describe"), limit_to_mask=False, space=LINEAR_LIGHT)
    )
    said = (daemon.folder / "worker.log").read_text()
    assert "shapes [(20, 30, 3), (20, 30), ((2, 2, 4), (20, 30))] limit False linear True" in said
    assert client.get(content)[1] == PIXELS, "a worker that writes into its input must not change the store"


def test_status_counts(daemon: RunningDaemon, client: Client) -> None:
    client.stylize(play(client, "invert"))
    status = client.status()
    assert status["pid"] == daemon.process.pid
    assert status["device"] == "stage"
    assert status["worker"]["state"] == "idle"
    assert status["worker"]["rss"] > 0
    assert status["store"]["images"] == 2
    assert status["store"]["bytes"] == 2 * SPEC.nbytes
    assert status["jobs"] == {"waiting": 0, "running": 0, "done": 1, "failed": 0, "cancelled": 0}
    assert status["endpoint"].startswith("ipc://")
    assert status["clients"] == 1


def test_a_client_that_rested_is_known_again(start: Start) -> None:
    daemon = start(silence_s=1.0)
    with daemon.connect() as client:
        time.sleep(2.2)
        assert client.have([]) == set()
        assert client.stylize(play(client, "invert")).spec == SPEC
