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
