"""No room on the disk, and none in memory."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from photostyle.daemon.config import WORKER_COMMAND
from photostyle.daemon.store import writable_memory
from photostyle_protocol.errors import JobFailedError, ResourceError, UnknownImageError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from support.daemon import RunningDaemon, Start, play
from support.leaks import store_name
from support.raw_client import serves

SMALL = ImageSpec(100, 100, 3, "uint8")
LARGE = ImageSpec(400, 400, 3, "uint8")


@pytest.fixture
def full_disk(daemon: RunningDaemon) -> Iterator[Path]:
    """The daemon's store, on a disk of 64 kB from now on."""
    memory = writable_memory()
    folder = memory / store_name(daemon.folder) if memory else daemon.folder / "store"
    command = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root and the right to mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_store_whose_disk_is_full(daemon: RunningDaemon, full_disk: Path) -> None:
    """Neither a picture nor a result fits, each said in a sentence; with room again all goes on."""
    daemon.wait_for_worker()
    with daemon.connect() as client:
        with pytest.raises(ResourceError, match="has no room left"):
            client.put(LARGE, bytes(LARGE.nbytes))
        name = client.put(SMALL, bytes(SMALL.nbytes))
        filler = full_disk / "somebody-elses"
        filler.write_bytes(bytes(30_000))
        with pytest.raises(JobFailedError):
            client.stylize(StylizeRequest(name, (RegionRef(name),), settings=Settings("invert")))
        filler.unlink()
        result = client.stylize(StylizeRequest(name, (RegionRef(name),), settings=Settings("invert")))
        assert client.get(result.digest)[1] == b"\xff" * SMALL.nbytes
        assert list(full_disk.glob("part-*")) == []
        subprocess.run(["umount", "-l", str(full_disk)], check=True)
        with pytest.raises(UnknownImageError):
            client.stylize(StylizeRequest(name, (RegionRef(name),), settings=Settings("invert")))
        assert client.put(LARGE, bytes(LARGE.nbytes))
    assert serves(daemon)


def test_a_store_that_is_emptied_by_somebody_else(daemon: RunningDaemon) -> None:
    """As when the system clears up after a logout; pictures are sent again, and a job that waits fails with a word."""
    memory = writable_memory()
    folder = memory / store_name(daemon.folder) if memory else daemon.folder / "store"
    daemon.wait_for_worker()
    with daemon.connect() as client:
        running = client.submit(play(client, "steps", count=50))
        waiting = client.submit(play(client, "invert"))
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        codes = [final(client, job).code for job in (running, waiting)]
        assert codes[1] == "unknown_image"
        assert client.stylize(play(client, "invert")).spec
    assert serves(daemon)


def final(client, job: int):
    while not hasattr(event := client.next_event(10.0, job), "code"):
        assert event is not None
    return event


@pytest.mark.stress
def test_a_worker_without_memory(start: Start) -> None:
    """It says so, or dies of it; the daemon lives, and a small picture is done."""
    daemon = start(worker_command=list(WORKER_COMMAND), device="cpu")
    worker = psutil.Process(daemon.wait_for_worker())
    spec = ImageSpec(3000, 4000, 3, "float32")
    with daemon.connect(30.0) as client:
        name = client.put(spec, bytes(spec.nbytes))
        now = worker.memory_info().vms
        worker.rlimit(psutil.RLIMIT_AS, (now + (60 << 20), now + (60 << 20)))
        with pytest.raises(JobFailedError):
            client.stylize(StylizeRequest(name, (RegionRef(name),), settings=Settings("monge-kantorovich")))
        small = client.put(SMALL, os.urandom(SMALL.nbytes))
        request = StylizeRequest(small, (RegionRef(small),), settings=Settings("monge-kantorovich"))
        try:
            assert client.stylize(request).spec
        except JobFailedError:
            # The limit stays with that process, as it would not where others have taken the memory for a while.
            worker.kill()
            assert client.stylize(request).spec


@pytest.mark.stress
def test_a_broker_without_memory(start: Start) -> None:
    """Its address space is nearly used up; what it cannot take in costs a client its connection, or it serves on."""
    daemon = start()
    daemon.wait_for_worker()
    process = psutil.Process(daemon.process.pid)
    now = process.memory_info().vms
    process.rlimit(psutil.RLIMIT_AS, (now + (200 << 20), now + (200 << 20)))
    for _ in range(3):
        with daemon.connect(30.0) as client:
            client.put(ImageSpec(4000, 4000, 3, "uint8"), os.urandom(48_000_000))
    assert serves(daemon)
