"""What the exit status says; also in ``photostyle --help``."""

from __future__ import annotations

from photostyle_protocol.errors import (
    BadInputError,
    DaemonUnavailableError,
    JobCancelledError,
    OutputError,
    PhotostyleError,
    VersionMismatchError,
)

OK = 0
BAD_INPUT = 2
NO_DAEMON = 3
FAILED = 4
SOME_FAILED = 5
CANCELLED = 130

TEXT = (
    f"Exit status: {OK} done, {BAD_INPUT} bad input (or a result that cannot be written there), "
    f"{NO_DAEMON} no daemon, {FAILED} failed, {SOME_FAILED} some pictures of a batch failed, {CANCELLED} cancelled."
)


def of_error(error: PhotostyleError) -> int:
    """The exit status that stands for an error."""
    if isinstance(error, BadInputError | OutputError):
        return BAD_INPUT
    if isinstance(error, DaemonUnavailableError | VersionMismatchError):
        return NO_DAEMON
    return CANCELLED if isinstance(error, JobCancelledError) else FAILED
