"""What can go wrong, as a tree of named errors with a code that crosses the wire.

::

    PhotostyleError                     code
    ├── BadInputError                   bad_input
    │   ├── BadImageError               bad_image
    │   ├── BadLookError                bad_look
    │   ├── BadMaskError                bad_mask
    │   ├── BadOptionError              bad_option
    │   ├── UnknownMethodError          unknown_method
    │   └── PictureTooLargeError        picture_too_large
    ├── OutputError                     output
    ├── DaemonError                     daemon
    │   ├── DaemonUnavailableError      daemon_unavailable
    │   ├── VersionMismatchError        version_mismatch
    │   ├── ProtocolError               protocol
    │   ├── UnknownImageError           unknown_image
    │   └── BusyError                   busy
    ├── JobCancelledError               cancelled
    └── JobFailedError                  failed
        ├── WorkerDiedError             worker_died
        └── ResourceError               out_of_memory
"""

from __future__ import annotations

from typing import ClassVar, Dict, Type


class PhotostyleError(Exception):
    """Base of every error that a person may see.

    Args:
        message: What happened and why, one sentence.
        hint: What to do about it; may be empty.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInputError(PhotostyleError):
    """What the person gave cannot be used; nothing was started."""

    code = "bad_input"


class BadImageError(BadInputError):
    """A file is no picture, is damaged, or holds values that are no colours."""

    code = "bad_image"


class BadLookError(BadInputError):
    """A file is no look, is damaged, or cannot be used for what was asked."""

    code = "bad_look"


class BadMaskError(BadInputError):
    """A mask or a region map does not fit the picture, or selects nothing."""

    code = "bad_mask"


class BadOptionError(BadInputError):
    """An option is unknown, of the wrong type or out of its range."""

    code = "bad_option"


class UnknownMethodError(BadInputError):
    """No method has this name."""

    code = "unknown_method"


class PictureTooLargeError(BadInputError):
    """A picture has more pixels than the stated limit."""

    code = "picture_too_large"


class OutputError(PhotostyleError):
    """The result cannot be written where the person wanted it."""

    code = "output"


class DaemonError(PhotostyleError):
    """The conversation with the daemon failed."""

    code = "daemon"


class DaemonUnavailableError(DaemonError):
    """No daemon answers, or it could not be started."""

    code = "daemon_unavailable"


class VersionMismatchError(DaemonError):
    """Client and daemon speak different versions of the protocol."""

    code = "version_mismatch"


class ProtocolError(DaemonError):
    """A message breaks the rules of the wire."""

    code = "protocol"


class UnknownImageError(DaemonError):
    """The store does not hold an image that a request names; send it again."""

    code = "unknown_image"


class BusyError(DaemonError):
    """A limit of the daemon is reached; try again later."""

    code = "busy"


class JobCancelledError(PhotostyleError):
    """The job was cancelled."""

    code = "cancelled"


class JobFailedError(PhotostyleError):
    """The job ran and failed."""

    code = "failed"


class WorkerDiedError(JobFailedError):
    """The worker process ended in the middle of the job."""

    code = "worker_died"


class ResourceError(JobFailedError):
    """Memory or disk space ran out."""

    code = "out_of_memory"


def _tree(root: Type[PhotostyleError]) -> Dict[str, Type[PhotostyleError]]:
    """The errors that cross the wire, by code: those of this module, not what a client derives from them."""
    found = {root.code: root}
    for child in root.__subclasses__():
        if child.__module__ == __name__:
            found.update(_tree(child))
    return found


def error_from_code(code: str, message: str, hint: str = "") -> PhotostyleError:
    """The error that a code from the wire stands for; an unknown code gives `PhotostyleError`."""
    return _tree(PhotostyleError).get(code, PhotostyleError)(message, hint)
