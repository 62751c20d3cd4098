"""Tells the plug-ins where the backend is, and remembers which profiles they were put into."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photostyle import __version__
from photostyle.installing.payload import HOMES
from photostyle.installing.receipt import NAME as RECEIPT
from photostyle_protocol.connection import write_private
from photostyle_protocol.errors import OutputError

FILE = "backend.json"


@dataclass(frozen=True)
class Record:
    """The content of ``backend.json``.

    Attributes:
        command: Starts the command line of this backend; ``serve`` or ``bridge`` follows.
        version: Its version.
        installed_in: Profiles with a plug-in that reads this.
    """

    command: tuple[str, ...]
    version: str
    installed_in: tuple[Path, ...] = ()


def own_command() -> tuple[str, ...]:
    """How this very Python runs the command line, whatever the PATH, the folder and the caller's environment.

    An editor that brings its own Python may set PYTHONHOME and PYTHONPATH for it: ``-E`` keeps them away, except
    where this photostyle itself is found by PYTHONPATH.
    """
    deaf = () if _is_found_by_variable() else ("-E",)
    return (str(Path(sys.executable).absolute()), *deaf, "-P", "-m", "photostyle.cli")


def _is_found_by_variable() -> bool:
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return Path(__file__).resolve().parents[2] in (Path(entry).resolve() for entry in named if entry)


def read_record(settings: Path) -> Record | None:
    """What is recorded in a folder of settings; ``None`` if there is nothing that can be read."""
    try:
        found = json.loads((settings / FILE).read_text(encoding="utf-8"))
        places = tuple(Path(place) for place in found.get("installed_in", ()))
        return Record(tuple(map(str, found["command"])), str(found["version"]), places)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def add(settings: Path, profile: Path) -> None:
    """Record this backend, and a profile that uses it.

    Raises:
        OutputError: The disk says no.
    """
    _write(settings, sorted({*_living_places(settings), profile}))


def forget(settings: Path, profile: Path) -> None:
    """Remove a profile from the record; the record goes with the last one.

    Raises:
        OutputError: The disk says no.
    """
    if not (settings / FILE).exists():
        return
    left = [place for place in _living_places(settings) if place != profile]
    if left:
        _write(settings, left)
        return
    (settings / FILE).unlink()
    if not any(settings.iterdir()):
        settings.rmdir()


def _living_places(settings: Path) -> list[Path]:
    """Recorded profiles in which there still is a plug-in."""
    record = read_record(settings)
    places = record.installed_in if record else ()
    return [place for place in places if any((place / home / RECEIPT).is_file() for home in HOMES.values())]


def _write(settings: Path, places: Sequence[Path]) -> None:
    content = {"command": own_command(), "version": __version__, "installed_in": [str(place) for place in places]}
    try:
        settings.mkdir(parents=True, exist_ok=True)
        write_private(settings / FILE, json.dumps(content, indent=1) + "\n")
    except OSError as error:
        raise OutputError(f"{settings / FILE} cannot be written: {error}.", "May you write there?") from error
