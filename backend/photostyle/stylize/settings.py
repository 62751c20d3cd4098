"""What the settings of a request may be; imports no torch, so that it can be asked before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.request import Scalar, Settings

if TYPE_CHECKING:
    from photostyle.methods.base import Option

FINISHES = ("auto", "grid", "guided", "none")
REGIONS = ("given", "auto")


def check_settings(settings: Settings) -> None:
    """Refuse settings that no method could follow.

    Raises:
        BadOptionError: A strength outside 0–1, an unknown finish or unknown regions.
    """
    check_share(settings.strength, "strength")
    if settings.finish not in FINISHES:
        raise BadOptionError(f"The finish is {settings.finish!r}.", f"Choose from: {', '.join(FINISHES)}.")
    if settings.regions not in REGIONS:
        raise BadOptionError(f"The regions are {settings.regions!r}.", f"Choose from: {', '.join(REGIONS)}.")


def check_share(value: float, what: str) -> None:
    """Refuse what is not within 0–1.

    Raises:
        BadOptionError: With the name of what it is.
    """
    if not 0 <= value <= 1:
        raise BadOptionError(f"The {what} is {value}.", "Give a number from 0 to 1.")


def refuse_files(known: Iterable[Option], given: Mapping[str, Scalar]) -> None:
    """Refuse options that name files, of which somebody else must not even hear whether they are there.

    Args:
        known: The options of the method.
        given: Their values.

    Raises:
        BadOptionError: One names a file.
    """
    for option in known:
        if option.is_file and given.get(option.name):
            raise BadOptionError(
                f"The option {option.name} names a file of the daemon's machine, and this program runs on another.",
                "Leave it out, or use a daemon on your own machine.",
            )
