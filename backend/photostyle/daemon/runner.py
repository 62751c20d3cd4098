"""Runs jobs one after the other in a worker process, and survives whatever the worker does."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from photostyle.daemon import pipe
from photostyle.daemon.config import DaemonConfig
from photostyle.daemon.jobs import Job, JobQueue, check_request
from photostyle.daemon.store import ImageStore
from photostyle.daemon.worker_process import WorkerProcess
from photostyle_protocol import messages as m
from photostyle_protocol.errors import JobCancelledError, PhotostyleError, WorkerDiedError
from photostyle_protocol.request import StylizeRequest

ASKED_SECONDS = 0.75
"""A worker that has not let go of a job by then is killed: the person has an answer within a second."""

PATIENT_SECONDS = 5.0
"""The same where nobody waits for the answer: killing a worker costs the next job the loading."""

TELL_SECONDS = 1.0
THROTTLE_SECONDS = 0.1
ATTEMPTS = 2
_QUIET = ("gone",)

log = logging.getLogger(__name__)


@dataclass
class Runner:
    """The queue, the worker, and the job in it.

    Attributes:
        config: How to start and when to unload the worker.
        store: Where pictures lie.
        spawn: Starts a worker, given its number.
        tell: Sends a message to the owner of a job.
    """

    config: DaemonConfig
    store: ImageStore
    spawn: Callable[[int], WorkerProcess]
    tell: Callable[[Job, Any], None] = lambda job, event: None
    queue: JobQueue = field(default_factory=JobQueue)
    running: Job | None = None
    worker: WorkerProcess | None = None
    state: str = "unloaded"
    device: str = ""
    counts: dict[str, int] = field(default_factory=lambda: {"done": 0, "failed": 0, "cancelled": 0})
    _jobs: int = 0
    _workers: int = 0
    _load_failures: int = 0
    _idle_since: float = field(default_factory=time.monotonic)

    def start_worker(self) -> None:
        """Load a worker in the background."""
        self._workers += 1
        self.state = "loading"
        try:
            self.worker = self.spawn(self._workers)
        except (OSError, PhotostyleError) as error:
            log.exception("the worker cannot be started")
            self._cannot_load(str(error))

    def submit(self, owner: object, request: StylizeRequest, is_local: bool) -> Job:
        """Queue a job; a preview replaces an older one of the same client.

        Args:
            owner: Who asks.
            request: For what.
            is_local: Whether that is a program of this person on this machine.

        Raises:
            BadInputError: No pipeline could take the request.
            UnknownImageError: A picture is not in the store.
            BusyError: Too many jobs wait.
        """
        check_request(request)
        job = Job(self._jobs + 1, owner, request, is_local, told=time.monotonic())
        for name in job.digests:
            self.store.spec(name)
        if request.preview:
            self._replace_previews(owner)
        self.queue.check_room(owner, is_local)
        self._jobs = job.number
        self.store.touch(job.digests)
        self.store.pin(job.digests)
        self.queue.add(job)
        return job

    def find(self, owner: object, number: int) -> Job | None:
        """A client's job that has not ended."""
        return next((job for job in self.all_jobs() if job.number == number and job.owner == owner), None)

    def all_jobs(self) -> list[Job]:
        """Waiting and running jobs."""
        return [*self.queue, *([self.running] if self.running else [])]

    def cancel(self, job: Job, reason: str, grace: float = ASKED_SECONDS) -> None:
        """Stop a job: a waiting one at once, a running one by asking the worker, then by force."""
        if self.queue.remove(job):
            self._end(job, m.Cancelled(job.number, reason), "cancelled")
            return
        deadline = time.monotonic() + grace
        if job.stop_reason:
            job.stop_deadline = min(job.stop_deadline, deadline)
            return
        job.stop_reason, job.stop_deadline = reason, deadline
        if self.worker is not None:
            self.worker.send(pipe.Stop(job.number))

    def cancel_all(self, owner: object, reason: str) -> None:
        """Stop every job of a client."""
        for job in self.all_jobs():
            if job.owner == owner:
                self.cancel(job, reason, PATIENT_SECONDS)

    def on_worker(self, number: int, body: bytes) -> None:
        """Take in what a worker said; an empty body says that it is gone."""
        if self.worker is None or number != self.worker.number:
            return
        try:
            message = pipe.parse(body) if body else None
        except PhotostyleError:
            log.exception("the worker broke the rules of its pipe")
            message = None
        if message is None:
            self._worker_gone()
        elif isinstance(message, pipe.Ready):
            self._on_ready(message)
        elif isinstance(message, pipe.Trouble) and message.job == -1:
            self._on_load_trouble(message)
        elif self.running is not None and message.job == self.running.number:
            self._on_job_message(self.running, message)

    def tick(self) -> None:
        """Do what is due: kill, unload, start, hand out the next job, show clients that their jobs live."""
        now = time.monotonic()
        if self.running is not None and self.running.stop_reason and now > self.running.stop_deadline:
            self._drop_worker()
            self._end_running(m.Cancelled(self.running.number, self.running.stop_reason), "cancelled")
            self.start_worker()
        if self.state == "loading" and self.worker and now - self.worker.started > self.config.load_s:
            log.error("the worker has not loaded within %g s", self.config.load_s)
            self._worker_gone()
        if self.state == "idle" and not self.queue and now - self._idle_since > self.config.idle_unload_s:
            log.info("the worker is unloaded after %g s without jobs", self.config.idle_unload_s)
            self._drop_worker()
        if self.state in ("unloaded", "failed") and self.queue:
            self.start_worker()
        if self.state == "idle":
            self._hand_out()
        self._show_life(now)

    def close(self) -> None:
        """Stop everything."""
        for job in self.queue:
            self.cancel(job, "shutdown")
        if self.running is not None:
            self._end_running(m.Cancelled(self.running.number, "shutdown"), "cancelled")
        self._drop_worker()

    def _replace_previews(self, owner: object) -> None:
        for job in self.all_jobs():
            if job.owner == owner and job.request.preview:
                self.cancel(job, "replaced", PATIENT_SECONDS)

    def _hand_out(self) -> None:
        job = self.queue.take()
        if job is None or self.worker is None:
            return
        try:
            specs = {name: self.store.spec(name) for name in job.digests}
        except PhotostyleError as error:  # somebody has emptied the store's folder
            self._end(job, m.Failed(job.number, error.code, error.message, error.hint), "failed")
            return
        job.attempts += 1
        job.fraction, job.stage = 0.0, "starting"
        self.running, self.state = job, "busy"
        if not self.worker.send(pipe.Run(job.number, job.request, specs, job.is_local, job.attempts - 1)):
            self._worker_gone()

    def _on_ready(self, message: pipe.Ready) -> None:
        self._load_failures = 0
        self.device = message.device
        self._become_idle()
        log.info("the worker is ready on %s", message.device)

    def _on_load_trouble(self, message: pipe.Trouble) -> None:
        """The engine said why it cannot load; trying again would say the same."""
        self._drop_worker()
        self.state = "failed"
        self._fail_waiting(message.code, message.message, message.hint)

    def _on_job_message(self, job: Job, message: Any) -> None:
        if isinstance(message, pipe.Step):
            self._on_step(job, message)
        elif isinstance(message, pipe.Done):
            self._on_done(job, message)
        elif isinstance(message, pipe.Trouble):
            self._on_trouble(job, message)

    def _on_step(self, job: Job, message: pipe.Step) -> None:
        job.fraction, job.stage = min(1.0, max(0.0, message.fraction)), message.stage[:200]
        if message.glimpse is not None:
            self._keep_glimpse(job, message.glimpse)
        now = time.monotonic()
        if now - job.told >= THROTTLE_SECONDS:
            self._tell_progress(job, now)

    def _keep_glimpse(self, job: Job, picture: pipe.Picture) -> None:
        """Let the newest glimpse take the place of the one before."""
        try:
            is_new = self.store.adopt(picture.digest, picture.spec, picture.file)
        except (PhotostyleError, OSError):
            log.exception("a glimpse cannot be kept; the job goes on without it")
            return
        if picture.digest != job.glimpse:
            self._forget_glimpse(job)
            job.glimpse, job.owns_glimpse = picture.digest, is_new

    def _forget_glimpse(self, job: Job) -> None:
        if job.owns_glimpse:
            self.store.remove(job.glimpse)

    def _on_done(self, job: Job, message: pipe.Done) -> None:
        picture = message.picture
        try:
            self.store.adopt(picture.digest, picture.spec, picture.file)
        except (PhotostyleError, OSError) as error:
            self._end_running(m.Failed(job.number, "failed", str(error), ""), "failed")
        else:
            self._end_done(job, message)
        self._become_idle()

    def _end_done(self, job: Job, message: pipe.Done) -> None:
        """A result that came while the job was being stopped is not wanted any more."""
        if job.stop_reason:
            self._end_running(m.Cancelled(job.number, job.stop_reason), "cancelled")
        else:
            picture, seconds = message.picture, message.seconds
            result = m.Result(job.number, picture.digest, picture.spec, seconds, message.losses, message.notices)
            self._end_running(result, "done")

    def _on_trouble(self, job: Job, message: pipe.Trouble) -> None:
        if message.code == JobCancelledError.code:
            self._end_running(m.Cancelled(job.number, job.stop_reason or "asked"), "cancelled")
        else:
            self._end_running(m.Failed(job.number, message.code, message.message, message.hint), "failed")
        self._become_idle()

    def _become_idle(self) -> None:
        self.state = "idle"
        self._idle_since = time.monotonic()
        if self.worker is not None:
            self.worker.trim_log()

    def _worker_gone(self) -> None:
        """The worker died by itself, or must be taken for dead."""
        was_loading = self.state == "loading"
        how = self._drop_worker()
        log.warning("the worker ended: %s", how)
        if self.running is not None:
            self._retry_or_fail(self.running, how)
            self.start_worker()
        elif was_loading:
            self._load_failures += 1
            if self._load_failures >= ATTEMPTS:
                self._cannot_load(how)

    def _cannot_load(self, how: str) -> None:
        self._load_failures = 0
        self.state = "failed"
        self._fail_waiting(WorkerDiedError.code, f"The worker cannot be started ({how}).", "See: photostyle doctor")

    def _retry_or_fail(self, job: Job, how: str) -> None:
        if job.stop_reason:
            self._end_running(m.Cancelled(job.number, job.stop_reason), "cancelled")
        elif job.attempts < ATTEMPTS:
            self.running = None
            job.fraction, job.stage = 0.0, "starting again"
            self.queue.put_back(job)
        else:
            text = f"The worker died twice in the middle of this job ({how})."
            hint = "The picture may be too large for the memory of this machine."
            self._end_running(m.Failed(job.number, WorkerDiedError.code, text, hint), "failed")

    def _fail_waiting(self, code: str, message: str, hint: str) -> None:
        for job in self.queue:
            self.queue.remove(job)
            self._end(job, m.Failed(job.number, code, message, hint), "failed")

    def _drop_worker(self) -> str:
        worker, self.worker, self.state = self.worker, None, "unloaded"
        if worker is None:
            return ""
        worker.kill()
        self.store.sweep()
        return worker.exit_text()

    def _end_running(self, event: Any, count: str) -> None:
        job, self.running = self.running, None
        if job is not None:
            self._end(job, event, count)

    def _end(self, job: Job, event: Any, count: str) -> None:
        self.counts[count] += 1
        self.store.unpin(job.digests)
        if not (isinstance(event, m.Result) and event.digest == job.glimpse):
            self._forget_glimpse(job)
        if not (isinstance(event, m.Cancelled) and event.reason in _QUIET):
            self.tell(job, event)

    def _show_life(self, now: float) -> None:
        for job in self.all_jobs():
            if now - job.told >= TELL_SECONDS:
                self._tell_progress(job, now)

    def _tell_progress(self, job: Job, now: float) -> None:
        job.told = now
        if job is not self.running:
            job.stage = "loading" if self.state == "loading" else "waiting"
        self.tell(job, m.Progress(job.number, job.fraction, job.stage, job.glimpse))
