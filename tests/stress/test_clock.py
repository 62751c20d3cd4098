"""A clock that jumps."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from photostyle_protocol.connection import write_private
from support.daemon import PLAY_WORKER, daemons_in, play
from support.raw_client import serves

pytestmark = pytest.mark.stress

JUMPS = ("+400d", "-30y", "+10y", "-1h", "+0")


def library() -> str:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    assert found, "tests/stress/setup installs it"
    return str(found[0])


def test_years_come_and_go(runtime_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the daemon waits for is told by the clock on the wall: nobody is forgotten, no job is lost."""
    clock = tmp_path / "clock"
    clock.write_text("+0")
    faked = {
        "LD_PRELOAD": library(),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with monkeypatch.context() as patch, daemons_in(runtime_dir) as start:
        for name, value in faked.items():
            patch.setenv(name, value)
        daemon = start(silence_s=5.0, worker_command=["env", "-u", "LD_PRELOAD", *PLAY_WORKER])
        worker = daemon.wait_for_worker()
        for name in faked:
            patch.delenv(name)
        with daemon.connect() as client:
            for jump in JUMPS:
                job = client.submit(play(client, "steps", count=100))
                write_private(clock, jump)
                assert client._follow(job, None, None, None).spec
                assert serves(daemon)
            assert client.status()["uptime"] < 600
        assert daemon.wait_for_worker() == worker
        # It ends, if not well: under this library time.sleep fails ("Invalid argument") where it leaves the monotonic
        # clock alone, and the daemon waits so for its worker's end.
        daemon.stop()


def test_the_jumps_are_real() -> None:
    """The library does what the test above needs of it."""
    environment = {**os.environ, "LD_PRELOAD": library(), "FAKETIME": "-30y", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    code = "import time; print(time.gmtime().tm_year)"
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    today = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(told.stdout) <= int(today.stdout) - 29
