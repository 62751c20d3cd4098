"""``photostyle serve --foreground`` as programs say it, without what reads the words of people.

Typer and what it imports take as long as the daemon itself, and the first to start one waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from photostyle.cli.devices import check_device
from photostyle.cli.durations import seconds_of

_COMMAND = ("serve", "--foreground")
_DEFAULTS = {"--device": "auto", "--idle-unload": "10m"}


def plain_options(arguments: Sequence[str]) -> dict[str, str] | None:
    """The options of a daemon, or nothing where the arguments ask for something else or in other words."""
    names, values = arguments[2::2], arguments[3::2]
    if tuple(arguments[:2]) != _COMMAND or len(names) != len(values):
        return None
    if not set(names) <= set(_DEFAULTS) or any(value.startswith("-") for value in values):
        return None
    return _DEFAULTS | dict(zip(names, values, strict=True))


def plain_serve(device: str, idle_unload: str) -> int:
    """Run the daemon in this process until it ends.

    Raises:
        PhotostyleError: See `photostyle.daemon.serve.serve`.
    """
    seconds = seconds_of(idle_unload)
    check_device(device)
    from photostyle.daemon.config import DaemonConfig
    from photostyle.daemon.serve import serve

    serve(DaemonConfig(device, seconds))
    return 0
