"""Two sides that speak different versions of the protocol, in words that say what to do."""

from __future__ import annotations

from photostyle_protocol.errors import VersionMismatchError

_PROGRAM_IS_OLDER = (
    "Update the program that asks, and start it again; a plug-in is updated with: photostyle install gimp, "
    "or: photostyle install krita"
)
_DAEMON_IS_OLDER = (
    "Stop the daemon with: photostyle stop, and try again. If that does not help, update the backend with: "
    "pip install --upgrade photostyle"
)


def check_versions(client: int, daemon: int, daemon_version: str) -> None:
    """Refuse a conversation between versions that could misunderstand each other.

    Args:
        client: Version of the protocol that the client speaks.
        daemon: Version of the protocol that the daemon speaks.
        daemon_version: The daemon's own version.

    Raises:
        VersionMismatchError: They differ; it says which of the two to update and how.
    """
    if client < daemon:
        raise VersionMismatchError(
            f"This program is older than the daemon: it speaks protocol {client}, "
            f"the daemon {daemon_version} speaks {daemon}.",
            _PROGRAM_IS_OLDER,
        )
    if client > daemon:
        raise VersionMismatchError(
            f"The daemon {daemon_version} is older than this program: it speaks protocol {daemon}, "
            f"this program {client}.",
            _DAEMON_IS_OLDER,
        )
