"""A client that watches sees the picture form; one that does not, or is slow, holds nothing up."""

import itertools
import time

import pytest

from photostyle_protocol import messages as m
from photostyle_protocol.client import Client
from photostyle_protocol.images import ImageSpec, digest
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from support.daemon import BOTH_WAYS, SPEC, RunningDaemon, play

LARGE = ImageSpec(300, 600, 3, "uint8")


def developing(client: Client, spec: ImageSpec = LARGE, **options: float) -> StylizeRequest:
    name = client.put(spec, bytes(spec.nbytes))
    return StylizeRequest(name, (RegionRef(name),), settings=Settings("develop", options=options))


def pictures(client: Client) -> int:
    return int(client.status()["store"]["images"])


@BOTH_WAYS
def test_a_picture_forms(client: Client) -> None:
    seen: list[tuple[float, int]] = []

    def look(spec: ImageSpec, pixels: bytearray) -> None:
        assert spec == ImageSpec(128, 256, 3, "uint8")
        assert set(pixels[::3]) == {255}
        assert set(pixels[1::3]) == {0}
        assert max(pixels[2::3]) - min(pixels[2::3]) <= 1
        seen.append((time.monotonic(), pixels[2]))

    request = developing(client, count=40, seconds=0.05)
    result = client.stylize(request, on_glimpse=look)
    assert len(seen) >= 3
    assert all(later > earlier for (_, earlier), (_, later) in itertools.pairwise(seen))
    assert all(later - earlier > 0.3 for (earlier, _), (later, _) in itertools.pairwise(seen))
    assert result.digest == request.content
    assert pictures(client) == 1, "no glimpse stays behind"


def test_losses_come_with_the_result(client: Client) -> None:
    (curve,) = client.stylize(developing(client, count=20)).losses
    assert curve.name == "total"
    assert curve.values == pytest.approx([1 - step / 20 for step in range(1, 21)])
    assert list(curve.seconds) == sorted(curve.seconds)
    assert client.stylize(play(client, "invert")).losses == ()


def test_nobody_looks(client: Client) -> None:
    job = client.submit(developing(client, count=60))
    events = iter(lambda: client.next_event(5.0, job), None)
    told = list(itertools.takewhile(lambda event: isinstance(event, m.Progress), events))
    assert told
    assert all(event.glimpse == "" for event in told)


def test_who_does_not_fetch_finds_only_the_newest(daemon: RunningDaemon, client: Client) -> None:
    daemon.wait_for_worker()
    request = developing(client, count=100, seconds=0.02)
    job = client.submit(StylizeRequest(request.content, request.regions, settings=request.settings, watch=True))
    named: set[str] = set()
    while isinstance(event := client.next_event(5.0, job), m.Progress):
        named |= {event.glimpse} if event.glimpse else set()
        assert pictures(client) <= 2
    assert isinstance(event, m.Result)
    assert len(named) >= 3
    assert client.have(sorted(named)) == set()


def test_a_glimpse_that_is_a_picture_of_the_person_s_own_stays(client: Client) -> None:
    magenta = client.put(SPEC, b"\xff\x00\xff" * (SPEC.nbytes // 3))
    named: list[str] = []
    # One step, whose glimpse is magenta.
    request = developing(client, SPEC, count=1, seconds=1.0)
    client.stylize(request, on_glimpse=lambda spec, pixels: named.append(digest(spec, pixels)))
    assert named == [magenta]
    assert client.have([magenta]) == {magenta}


def test_a_cancelled_job_leaves_no_glimpse(client: Client) -> None:
    seen: list[bytearray] = []
    request = developing(client, count=3000)
    with pytest.raises(Exception, match="cancelled"):
        client.stylize(request, None, lambda: len(seen) > 1, lambda _spec, pixels: seen.append(pixels))
    assert pictures(client) == 1
