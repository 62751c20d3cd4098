"""A job as the editor's thread sees it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import TYPE_CHECKING, Any, TypeVar

from photostyle_plugin.texts import Words
from photostyle_protocol.errors import JobCancelledError, PhotostyleError, error_from_code

if TYPE_CHECKING:
    from photostyle_protocol.client import JobResult
    from photostyle_protocol.messages import JobEvent

T = TypeVar("T")


class Job:
    """One job in the daemon; every method may be called from any thread and none waits.

    Attributes:
        fraction: How much is done, 0–1.
        stage: What is being done, in the daemon's words; empty while it waits.
        glimpse: Digest of a small picture of what there is so far; empty while there is none.
        ended: Done when the job has ended, however.
        number: The daemon's number; ``None`` until it has taken the job.
    """

    def __init__(self, ask_cancel: Callable[[Job], None]) -> None:
        self.fraction = 0.0
        self.stage = ""
        self.glimpse = ""
        self.ended: Future[JobResult] = Future()
        self.number: int | None = None
        self.is_unwanted = False
        self._ask_cancel = ask_cancel

    @property
    def done(self) -> bool:
        """Whether it has ended, however."""
        return self.ended.done()

    def result(self, timeout: float = 0.0) -> JobResult:
        """What came out.

        Args:
            timeout: Seconds to wait; 0 is for a job that is `done`.

        Raises:
            PhotostyleError: Why it failed, `JobCancelledError` among them.
            TimeoutError: It has not ended.
        """
        return self.ended.result(timeout)

    def cancel(self) -> None:
        """Ask to stop it; it ends within about a second."""
        self.is_unwanted = True
        if not self.done:
            self._ask_cancel(self)

    def take(self, event: JobEvent) -> bool:
        """Take in an event of the daemon; whether it was the last one."""
        from photostyle_protocol import messages as m

        if isinstance(event, m.Progress):
            self.fraction, self.stage, self.glimpse = event.fraction, event.stage, event.glimpse
            return False
        if isinstance(event, m.Result):
            from photostyle_protocol.client import JobResult

            settle(self.ended, JobResult(event.digest, event.spec, event.seconds, event.losses, event.notices))
        elif isinstance(event, m.Cancelled):
            why = Words.job_replaced if event.reason == "replaced" else Words.job_cancelled
            fail(self.ended, JobCancelledError(why))
        else:
            fail(self.ended, error_from_code(event.code, event.message, event.hint))
        return True


def settle(future: Future[T], value: T) -> None:
    """Give a future its value, unless it has one."""
    with contextlib.suppress(InvalidStateError):
        future.set_result(value)


def fail(future: Future[Any], error: PhotostyleError) -> None:
    """Give a future its error, unless it has ended."""
    with contextlib.suppress(InvalidStateError):
        future.set_exception(error)
