"""What can go wrong on this side of the socket, and how any error is told to a person."""

from __future__ import annotations

from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadInputError, DaemonUnavailableError, PhotostyleError

_TOLD = {
    "daemon_unavailable": ("backend_failed", "backend_failed_hint"),
    "version_mismatch": ("version_mismatch", "version_mismatch_hint"),
    "unknown_image": ("pictures_lost", "busy_hint"),
    "busy": ("busy", "busy_hint"),
    "worker_died": ("worker_died", "worker_died_hint"),
    "out_of_memory": ("out_of_memory", "out_of_memory_hint"),
}
"""Errors that are told in the person's language; what the backend said follows as the details."""


class BackendMissingError(DaemonUnavailableError):
    """No backend is installed where the plug-in looks."""

    code = "backend_missing"

    def __init__(self) -> None:
        super().__init__(Words.backend_absent, Words.backend_absent_hint)


class BackendStoppedError(DaemonUnavailableError):
    """The daemon was there and is gone."""

    code = "backend_stopped"

    def __init__(self) -> None:
        super().__init__(Words.backend_stopped, Words.backend_stopped_hint)


class LayerChangedError(BadInputError):
    """The pixels that were read twice were not the same."""

    code = "layer_changed"

    def __init__(self) -> None:
        super().__init__(Words.layer_changed, Words.layer_changed_hint)


class TargetGoneError(PhotostyleError):
    """The layer or the image that the result belongs to is gone; adapters raise it from `Target.commit`.

    Args:
        message: ``Words.layer_gone`` or ``Words.image_gone``.
    """

    code = "target_gone"

    def __init__(self, message: str) -> None:
        super().__init__(message, Words.gone_hint)


def say(error: BaseException) -> tuple[str, str]:
    """A sentence and what to do next (may be empty), in the person's language as far as it is known."""
    if not isinstance(error, PhotostyleError):
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        return Words.unexpected.format(what=what), Words.unexpected_hint
    if error.code not in _TOLD:
        return error.message, error.hint
    sentence, hint = (getattr(Words, name) for name in _TOLD[error.code])
    return sentence, f"{hint}\n{Words.details.format(details=error)}"
