"""Many jobs in a row: nothing grows."""

import os

import pytest

from photostyle.daemon.config import WORKER_COMMAND
from photostyle_protocol.client import Client
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from support.daemon import Start
from support.figures import figures, grown

JOBS = 200
WARM_UP = 40
MEBIBYTES = 8
SPEC = ImageSpec(300, 400, 3, "uint8")


def one_job(client: Client, method: str) -> None:
    content, style = (client.put(SPEC, os.urandom(SPEC.nbytes)) for _ in range(2))
    result = client.stylize(StylizeRequest(content, (RegionRef(style),), settings=Settings(method)))
    assert client.get(result.digest)[0] == SPEC


@pytest.mark.slow
@pytest.mark.parametrize("method", ["invert", "monge-kantorovich"])
def test_two_hundred_jobs(start: Start, method: str) -> None:
    """With a worker that plays, where a few bytes a job would show, and with the product's own."""
    command = {} if method == "invert" else {"worker_command": list(WORKER_COMMAND), "device": "cpu"}
    daemon = start(store_bytes=20 * SPEC.nbytes, **command)
    pids = daemon.process.pid, daemon.wait_for_worker()
    with daemon.connect() as client:
        for number in range(JOBS):
            if number == WARM_UP:
                before = figures(*pids)
            one_job(client, method)
        after = figures(*pids)
        status = client.status()
    print(before, after)
    assert status["worker"]["pid"] == pids[1]
    assert status["jobs"]["done"] == JOBS
    assert status["store"]["bytes"] <= status["store"]["budget"]
    assert not grown(before, after, MEBIBYTES)
