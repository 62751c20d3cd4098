"""The session: one thread that outlives every error."""

import signal
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import Future

import pytest

from photostyle_plugin.errors import BackendMissingError, BackendStoppedError, say
from photostyle_plugin.jobs import Job
from photostyle_plugin.session import Session
from photostyle_plugin.state import BackendState
from photostyle_protocol.client import Client
from photostyle_protocol.errors import (
    DaemonUnavailableError,
    JobCancelledError,
    JobFailedError,
    PhotostyleError,
    UnknownImageError,
    WorkerDiedError,
)
from photostyle_protocol.request import RegionRef, StylizeRequest
from support.daemon import PIXELS, SPEC, RunningDaemon, environment
from support.editors.backend import Stage
from support.waiting import wait_for

PATIENT = 30.0


def request_of(session: Session) -> StylizeRequest:
    name = session.call(lambda client: client.put(SPEC, PIXELS)).result(PATIENT)
    return StylizeRequest(name, (RegionRef(name),))


def started(session: Session) -> Job:
    job = session.submit(request_of(session))
    wait_for(lambda: job.fraction > 0, PATIENT, "progress")
    return job


def test_a_job_to_its_end(any_session: Session) -> None:
    result = any_session.submit(request_of(any_session)).result(PATIENT)
    _, pixels = any_session.call(lambda client: client.get(result.digest)).result(PATIENT)
    assert pixels == bytes(255 - value for value in PIXELS)


def test_state_tells_the_device(session: Session) -> None:
    wait_for(lambda: session.state.knows_device, PATIENT, "the device")
    assert session.state == BackendState("ready", "stage")
    assert session.state.sentence() == "Ready, on the GPU (stage)"


@pytest.mark.parametrize(
    ("device", "sentence"),
    [
        ("CPU, 2 threads", "Ready, on the CPU"),
        ("NVIDIA H100", "Ready, on the GPU (NVIDIA H100)"),
        ("cuda:0", "Ready, on the GPU"),
        ("auto", "Ready"),
    ],
)
def test_devices_in_plain_words(device: str, sentence: str) -> None:
    assert BackendState("ready", device).sentence() == sentence


def test_calls_come_in_order_and_in_one_thread(session: Session) -> None:
    seen: list[tuple[int, str]] = []

    def note(index: int) -> None:
        seen.append((index, threading.current_thread().name))

    for future in [session.call(lambda _, i=i: note(i)) for i in range(50)]:
        future.result(PATIENT)
    assert seen == [(i, "photostyle session") for i in range(50)]


def test_an_error_of_a_call_is_its_own(session: Session) -> None:
    def stumble(client: Client) -> None:
        raise ValueError("a wrong turn")

    with pytest.raises(PhotostyleError, match="ValueError: a wrong turn"):
        session.call(stumble).result(PATIENT)
    with pytest.raises(UnknownImageError):
        session.call(lambda client: client.get("0" * 64)).result(PATIENT)
    assert session.call(lambda client: 7).result(PATIENT) == 7
    assert session.state.kind == "ready"


def test_failures_of_jobs(stage: Stage, session: Session) -> None:
    stage.play("fail")
    with pytest.raises(JobFailedError):
        session.submit(request_of(session)).result(PATIENT)
    stage.play("die")
    with pytest.raises(WorkerDiedError):
        session.submit(request_of(session)).result(PATIENT)
    with pytest.raises(UnknownImageError):
        session.submit(StylizeRequest("0" * 64, (RegionRef("0" * 64),))).result(PATIENT)
    stage.play("invert")
    session.submit(request_of(session)).result(PATIENT)


def test_cancel(stage: Stage, any_session: Session) -> None:
    stage.play("steps", count=10_000, seconds=0.01)
    job = started(any_session)
    assert 0 < job.fraction < 1
    assert job.stage.startswith("step")
    job.cancel()
    with pytest.raises(JobCancelledError):
        job.result(PATIENT)
    stage.play("invert")
    any_session.submit(request_of(any_session)).result(PATIENT)


def test_cancel_at_once(stage: Stage, session: Session) -> None:
    stage.play("hang")
    request = request_of(session)
    jobs = [session.submit(request) for _ in range(3)]
    for job in jobs:
        job.cancel()
        job.cancel()
    for job in jobs:
        with pytest.raises(JobCancelledError):
            job.result(PATIENT)
        job.cancel()


def test_calls_are_served_while_a_job_runs(stage: Stage, session: Session) -> None:
    stage.play("steps", count=10_000, seconds=0.01)
    job = started(session)
    waits = []
    for _ in range(20):
        asked = time.monotonic()
        session.call(lambda client: client.have([])).result(PATIENT)
        waits.append(time.monotonic() - asked)
    job.cancel()
    # 20 ms on an idle machine; what must not happen is that a call waits for the job.
    assert statistics.median(waits) < 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_daemon_that_goes(stage: Stage, any_session: Session, number: int) -> None:
    stage.play("steps", count=10_000, seconds=0.01)
    job = started(any_session)
    stage.daemon.stop(number)
    with pytest.raises((DaemonUnavailableError, JobCancelledError)):
        job.result(PATIENT)
    wait_for(lambda: any_session.state.kind == "failed", PATIENT, "the state to be failed")
    assert any_session.state.sentence() == "The backend has stopped."
    with pytest.raises(BackendStoppedError):
        any_session.call(lambda client: client.have([])).result(0)
    with pytest.raises(BackendStoppedError):
        any_session.submit(StylizeRequest("", ())).result(0)


def test_an_idle_session_notices_that_the_daemon_has_gone(session: Session, daemon: RunningDaemon) -> None:
    daemon.stop(signal.SIGKILL)
    wait_for(lambda: session.state.kind == "failed", PATIENT, "the state to be failed")


def test_reconnect(session: Session, stage: Stage, start) -> None:
    session.reconnect()
    assert session.state.kind == "ready", "nothing to do"
    stage.daemon.stop(signal.SIGKILL)
    wait_for(lambda: session.state.kind == "failed", PATIENT, "the state to be failed")
    start()
    session.reconnect()
    assert session.state.kind == "starting"
    session.submit(request_of(session)).result(PATIENT)
    assert session.state.kind == "ready"


def failing(error: BaseException) -> Session:
    def connect() -> Client:
        raise error

    session = Session(connect)
    session.start()
    return session


def test_a_backend_that_is_not_there() -> None:
    session = failing(BackendMissingError())
    wait_for(lambda: session.state.kind == "absent", PATIENT, "the state to be absent")
    assert session.state.sentence() == "The backend is not installed."
    assert "photostyle install" in session.state.hint()
    with pytest.raises(BackendMissingError):
        session.call(lambda client: None).result(0)
    session.close()


def test_a_backend_that_does_not_start() -> None:
    session = failing(DaemonUnavailableError("It could not be started.", "Its log says: no torch"))
    wait_for(lambda: session.state.kind == "failed", PATIENT, "the state to be failed")
    assert "no torch" in session.state.hint()
    session.close()
    session = failing(ZeroDivisionError("a fault"))
    wait_for(lambda: session.state.kind == "failed", PATIENT, "the state to be failed")
    assert "ZeroDivisionError" in session.state.sentence()
    session.close()


def test_calls_wait_for_the_connection(daemon: RunningDaemon) -> None:
    session = Session(daemon.connect)
    future = session.call(lambda client: client.have([]))
    assert session.state.sentence() == "Starting the backend…"
    session.start()
    assert future.result(PATIENT) == set()
    session.close()


def test_close_in_the_middle_of_a_connect() -> None:
    arrived, leave = threading.Event(), threading.Event()

    def connect() -> Client:
        arrived.set()
        leave.wait(60)
        raise DaemonUnavailableError("too late")

    session = Session(connect)
    session.start()
    arrived.wait(PATIENT)
    waiting = session.call(lambda client: None)
    asked = time.monotonic()
    session.close()
    assert time.monotonic() - asked < 5
    with pytest.raises(JobCancelledError):
        waiting.result(0)
    with pytest.raises(JobCancelledError):
        session.call(lambda client: None).result(0)
    leave.set()


def test_close_cancels_what_runs(stage: Stage, session: Session, daemon: RunningDaemon) -> None:
    stage.play("steps", count=10_000, seconds=0.01)
    job = started(session)
    session.close()
    session.close()
    with pytest.raises(JobCancelledError):
        job.result(0)
    with daemon.connect() as client:
        wait_for(lambda: not client.status()["jobs"]["running"], PATIENT, "the job to be gone")


def test_one_thread(daemon: RunningDaemon) -> None:
    before = threading.active_count()
    session = Session(daemon.connect)
    session.start()
    session.call(lambda client: client.have([])).result(PATIENT)
    assert threading.active_count() == before + 1
    session.close()
    assert threading.active_count() == before


FORGETFUL = """
import sys
from photostyle_plugin.session import Session
from photostyle_protocol.client import Client
session = Session(lambda: Client.connect(sys.argv[1]))
session.start()
session.call(lambda client: client.have([])).result(20)
"""


def test_a_session_does_not_keep_a_process_alive(daemon: RunningDaemon) -> None:
    command = [sys.executable, "-c", FORGETFUL, str(daemon.folder / "connection.json")]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_results_of_two_sessions_do_not_mix(session: Session, connect, daemon: RunningDaemon) -> None:
    other = connect(daemon.connect)
    jobs: list[Future[object]] = [each.submit(request_of(each)).ended for each in (session, other, session, other)]
    assert {job.result(PATIENT).digest for job in jobs} == {jobs[0].result(0).digest}


def test_unexpected_errors_are_told() -> None:
    sentence, hint = say(KeyError("x"))
    assert "KeyError" in sentence
    assert "report" in hint
