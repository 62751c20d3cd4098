"""The daemon with the product's own worker: real engine, real methods."""

import os
import sys
import time

import pytest

from photostyle_protocol.errors import BadImageError, JobCancelledError, UnknownMethodError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from support.daemon import RunningDaemon, Start

SPEC = ImageSpec(200, 300, 3, "uint8")
LARGE = ImageSpec(3000, 4000, 3, "uint8")


@pytest.fixture
def daemon(start: Start) -> RunningDaemon:
    daemon = start(worker_command=[sys.executable, "-m", "photostyle.worker"], device="cpu")
    daemon.wait_for_worker()
    return daemon


def test_a_photograph_goes_through(daemon: RunningDaemon) -> None:
    with daemon.connect() as client:
        content, style = (client.put(SPEC, os.urandom(SPEC.nbytes)) for _ in range(2))
        mask = client.put(ImageSpec(200, 300, 1, "uint8"), bytes(200 * 300))
        settings = Settings("monge-kantorovich")
        result = client.stylize(StylizeRequest(content, (RegionRef(style),), settings=settings))
        assert result.spec == SPEC
        assert client.get(result.digest)[1] != client.get(content)[1]
        region = RegionRef(style, content_mask=client.put(ImageSpec(200, 300, 1, "uint8"), b"\xff" * 60_000))
        nothing = StylizeRequest(content, (region,), mask, settings)
        assert client.stylize(nothing).digest == content, "outside of the mask the result is the input to the bit"
        with pytest.raises(UnknownMethodError, match="nonsense"):
            client.stylize(StylizeRequest(content, (RegionRef(style),), settings=Settings("nonsense")))
        broken = client.put(ImageSpec(1, 1, 3, "float32"), b"\xff" * 12)
        with pytest.raises(BadImageError):
            client.stylize(StylizeRequest(broken, (RegionRef(style),), settings=settings))


def test_a_changed_strength_puts_the_same_look_on_and_other_pictures_get_their_own(daemon: RunningDaemon) -> None:
    with daemon.connect() as client:
        content, style = (client.put(SPEC, os.urandom(SPEC.nbytes)) for _ in range(2))
        grey = [client.put(ImageSpec(200, 300, 1, "uint8"), bytes([value, 255]) * 30_000) for value in (0, 9)]

        def looked(*regions: RegionRef, of: str = content, mask: str | None = None, strength: float = 1.0) -> bool:
            """Whether the method had to look at the content."""
            request = StylizeRequest(of, regions, mask, Settings(strength=strength), limit_to_mask=False)
            return "content features" in client.stylize(request).seconds

        assert looked(RegionRef(style))
        assert not looked(RegionRef(style), strength=0.5)
        assert looked(RegionRef(style), of=style)
        assert looked(RegionRef(content), of=style)
        for name in grey:
            assert looked(RegionRef(style), mask=name)
            assert looked(RegionRef(style, content_mask=name))
            assert looked(RegionRef(style, style_mask=name))


def test_cancel_in_the_middle_of_a_method(daemon: RunningDaemon) -> None:
    with daemon.connect() as client:
        content = client.put(LARGE, bytes(range(256)) * (LARGE.nbytes // 256))
        request = StylizeRequest(content, (RegionRef(content),), settings=Settings("monge-kantorovich"))
        asked: list[float] = []

        def cancel_when_it_runs() -> bool:
            if client.status()["worker"]["state"] == "busy":
                asked.append(time.monotonic())
            return bool(asked)

        with pytest.raises(JobCancelledError):
            client.stylize(request, None, cancel_when_it_runs)
        assert time.monotonic() - asked[0] < 1.2
