"""The session: one thread that owns the conversation with the daemon."""

from __future__ import annotations

import atexit
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from photostyle_plugin.connect import connect_client
from photostyle_plugin.errors import BackendMissingError, BackendStoppedError, say
from photostyle_plugin.jobs import Job, fail, settle
from photostyle_plugin.state import BackendState
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import DaemonUnavailableError, JobCancelledError, PhotostyleError

if TYPE_CHECKING:
    from photostyle_protocol.client import Client
    from photostyle_protocol.messages import JobEvent
    from photostyle_protocol.request import StylizeRequest

T = TypeVar("T")

CLOSE_SECONDS = 1.0
_BUSY_SECONDS = 0.02
"""How long the thread listens for a job's events before it looks for calls again."""
_IDLE_SECONDS = 0.25
_LISTEN_SECONDS = 0.002
_DEVICE_SECONDS = 1.0


@dataclass(frozen=True)
class _Task:
    """A call that waits for its turn."""

    function: Callable[[Client], Any]
    future: Future[Any]


class Session:
    """A conversation with the backend that never blocks the editor.

    All methods return at once (`close` within a second) and may be called from any thread. An error of the daemon ends
    open calls and jobs, never the session: `reconnect` starts anew.

    Args:
        connect: Reaches the backend; runs in the session's own thread and may take its time.

    Attributes:
        sending: Names of the pictures that transfers are sending, so that no two send the same one.
    """

    def __init__(self, connect: Callable[[], Client] = connect_client) -> None:
        self.sending: set[str] = set()
        self._connect = connect
        self._state = BackendState("starting")
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._jobs: dict[int, Job] = {}
        self._lock = threading.Lock()
        self._again = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="photostyle session", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        atexit.register(self.close)
        self._thread.start()

    @property
    def state(self) -> BackendState:
        """How the backend does."""
        return self._state

    def call(self, function: Callable[[Client], T]) -> Future[T]:
        """Run a function in the session's thread, after those that were handed in before.

        Args:
            function: Gets the client; it should not take longer than one band needs.

        Returns:
            Its result; it fails with a `PhotostyleError`, at once where the backend is absent or has failed.
        """
        future: Future[T] = Future()
        with self._lock:
            refusal = self._refusal()
            if refusal is None:
                self._tasks.put(_Task(function, future))
        if refusal is not None:
            fail(future, refusal)
        return future

    def submit(self, request: StylizeRequest) -> Job:
        """Hand in a job; its pictures must be in the daemon."""
        job = Job(self._cancel)
        begun = self.call(partial(self._begin, job, request))
        begun.add_done_callback(partial(_pass_on_failure, job))
        return job

    def reconnect(self) -> None:
        """Reach the backend anew where it is absent or has failed; nothing otherwise."""
        with self._lock:
            if self._state.kind in ("absent", "failed") and not self._closing:
                self._state = BackendState("starting")
                self._again.set()

    def close(self) -> None:
        """Cancel what is open and end the thread; waits for at most a second."""
        atexit.unregister(self.close)
        with self._lock:
            self._closing = True
            waiting = self._take_waiting()
            self._tasks.put(None)
        self._again.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)
        self._end(waiting, JobCancelledError(Words.job_cancelled))

    def _refusal(self) -> PhotostyleError | None:
        """Why nothing can be handed in now."""
        return JobCancelledError(Words.job_cancelled) if self._closing else self._state.error

    def _run(self) -> None:
        """The thread: connect, serve, and after an error wait until somebody wants it again."""
        while not self._closing:
            try:
                self._converse()
            except Exception as error:  # whatever it was, the next attempt may do
                self._fail(_as_told(error))
            if not self._closing:
                self._again.wait()
            self._again.clear()

    def _converse(self) -> None:
        client = self._connect()
        try:
            self._serve(client)
        except DaemonUnavailableError as error:
            raise BackendStoppedError from error
        finally:
            client.close()

    def _serve(self, client: Client) -> None:
        self._ask_device(client)
        asked = time.monotonic()
        while not self._closing:
            self._perform_waiting(client)
            event = client.next_event(_BUSY_SECONDS if self._jobs else _LISTEN_SECONDS)
            if event is not None:
                self._tell(event)
            if not self._state.knows_device and time.monotonic() - asked > _DEVICE_SECONDS:
                asked = time.monotonic()
                self._ask_device(client)

    def _perform_waiting(self, client: Client) -> None:
        """Do the calls that wait; without jobs there is time to wait for one."""
        try:
            task = self._tasks.get(not self._jobs, _IDLE_SECONDS)
            while task is not None and not self._closing:
                _perform(task, client)
                task = self._tasks.get_nowait()
        except queue.Empty:
            return

    def _begin(self, job: Job, request: StylizeRequest, client: Client) -> None:
        if job.is_unwanted:
            raise JobCancelledError(Words.job_cancelled)
        job.number = client.submit(request)
        self._jobs[job.number] = job

    def _cancel(self, job: Job) -> None:
        self.call(partial(self._ask_cancel, job))

    def _ask_cancel(self, job: Job, client: Client) -> None:
        if job.number is not None and not job.done:
            client.cancel(job.number)

    def _tell(self, event: JobEvent) -> None:
        job = self._jobs.get(event.job)
        if job is not None and job.take(event):
            self._jobs.pop(event.job, None)

    def _ask_device(self, client: Client) -> None:
        self._state = BackendState("ready", str(client.status()["device"]))

    def _fail(self, error: PhotostyleError) -> None:
        with self._lock:
            self._state = BackendState("absent" if isinstance(error, BackendMissingError) else "failed", error=error)
            waiting = self._take_waiting()
        self._end(waiting, error)

    def _take_waiting(self) -> list[_Task]:
        """The calls that wait, taken out of the queue; what comes later is not theirs."""
        waiting: list[_Task | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                waiting.append(self._tasks.get_nowait())
        return [task for task in waiting if task is not None]

    def _end(self, waiting: list[_Task], error: PhotostyleError) -> None:
        """Fail these calls, and the jobs that are open."""
        for task in waiting:
            fail(task.future, error)
        while self._jobs:
            fail(self._jobs.popitem()[1].ended, error)


def _perform(task: _Task, client: Client) -> None:
    """Run one call.

    Raises:
        DaemonUnavailableError: The conversation is over.
    """
    try:
        settle(task.future, task.function(client))
    except DaemonUnavailableError:
        fail(task.future, BackendStoppedError())
        raise
    except Exception as error:  # it belongs to whoever asked, and must not end the thread
        fail(task.future, _as_told(error))


def _as_told(error: Exception) -> PhotostyleError:
    return error if isinstance(error, PhotostyleError) else PhotostyleError(*say(error))


def _pass_on_failure(job: Job, begun: Future[None]) -> None:
    error = begun.exception()
    if isinstance(error, PhotostyleError):
        fail(job.ended, error)
