"""What a flood of jobs does to others, and to the log of the worker."""

import sys
import time
from pathlib import Path

import zmq

from photostyle.daemon.jobs import PATIENCE_SECONDS, Job, JobQueue
from photostyle.daemon.worker_process import FROM_WORKERS, LOG_BYTES, WorkerProcess
from photostyle_protocol.request import RegionRef, StylizeRequest
from support.waiting import wait_for

TALK = """
import sys
for _ in range(int(sys.argv[1])):
    sys.stderr.write("a line of a traceback, or of a library that talks\\n")
sys.stderr.flush()
print("there", flush=True)
sys.stdin.read()
"""


def job(number: int, preview: bool, waited: float) -> Job:
    request = StylizeRequest("0" * 64, (RegionRef("0" * 64),), preview=preview)
    return Job(number, object(), request, True, queued=time.monotonic() - waited)


def test_previews_without_end_do_not_stop_the_others() -> None:
    """Previews go first, but not before what has waited for long."""
    queue = JobQueue()
    for waiting in (job(1, False, 1.0), job(2, False, PATIENCE_SECONDS + 1), job(3, True, 0.0), job(4, True, 0.0)):
        queue.add(waiting)
    assert [taken.number for taken in iter(queue.take, None)] == [2, 3, 4, 1]


def test_a_worker_that_talks_does_not_fill_the_disk(tmp_path: Path) -> None:
    context = zmq.Context()
    log = tmp_path / "worker.log"
    with context.socket(zmq.PULL) as inlet:
        inlet.bind(FROM_WORKERS)
        worker = WorkerProcess(context, 1, [sys.executable, "-c", TALK, "40000"], log)
        wait_for(lambda: log.stat().st_size > LOG_BYTES, 20.0)
        wait_for(lambda: inlet.poll(0), 20.0, "the last line")
        worker.trim_log()
        assert log.stat().st_size == 0
        worker.kill()
    context.term()
