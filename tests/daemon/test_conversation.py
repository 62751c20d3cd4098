"""The whole way of a picture: hello, put, stylize, get."""

import os
import time

import pytest

from photostyle import __version__
from photostyle_protocol import messages as m
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


def test_a_picture_given_up_in_the_middle_leaves_no_answer_behind(client: Client) -> None:
    """The next band is on its way by then."""
    spec = ImageSpec(4, BAND_BYTES, 1, "uint8")
    pixels = os.urandom(spec.nbytes)

    def give_up(fraction: float) -> None:
        raise InterruptedError(fraction)

    for _ in range(2):
        with pytest.raises(InterruptedError, match=r"0\.25"):
            client.put(spec, pixels, give_up)
        assert client.have([digest(spec, pixels)]) == set()
    name = client.put(spec, pixels)
    first = next(client._bands(name, range(0, spec.nbytes, BAND_BYTES)))
    assert first.pixels == pixels[:BAND_BYTES]
    assert client.fetch_band(name, 2 * BAND_BYTES) == pixels[2 * BAND_BYTES : 3 * BAND_BYTES]
    assert client.get(name)[1] == pixels


def test_between_two_bands_a_client_may_ask_for_something_else(client: Client) -> None:
    spec = ImageSpec(3, BAND_BYTES, 1, "uint8")
    pixels = os.urandom(spec.nbytes)
    asked: list[set[str]] = []
    name = client.put(spec, pixels, lambda fraction: asked.append(client.have([])))
    assert asked == [set()] * 3
    bands = client._bands(name, range(0, spec.nbytes, BAND_BYTES))
    assert [(bytes(band.pixels), client.have([name])) for band in bands] == [
        (pixels[at : at + BAND_BYTES], {name}) for at in range(0, spec.nbytes, BAND_BYTES)
    ]


def test_a_client_that_is_forgotten_between_two_bands_says_hello_again(client: Client) -> None:
    spec = ImageSpec(4, BAND_BYTES, 1, "uint8")
    pixels = os.urandom(spec.nbytes)

    def be_forgotten() -> None:
        client._channel.send(m.Bye(0))

    with pytest.raises(ProtocolError, match="Begin at 0 again"):
        client.put(spec, pixels, lambda fraction: be_forgotten())
    name = client.put(spec, pixels)
    found = bytearray()
    for band in client._bands(name, range(0, spec.nbytes, BAND_BYTES)):
        found += band.pixels
        be_forgotten()
    assert found == pixels


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
