"""Where the backend is: the command that starts it in an environment of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = "backend.json"
_OF_APPIMAGES = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "LD_PRELOAD")


@dataclass(frozen=True)
class Backend:
    """How to run the command line of the backend.

    Attributes:
        command: Program and first arguments; ``serve`` or ``bridge`` follow.
    """

    command: tuple[str, ...]


def find_backend() -> Backend | None:
    """The backend: ``PHOTOSTYLE_BACKEND``, what ``photostyle install`` wrote down, or ``photostyle`` on the PATH."""
    import shlex

    named = os.environ.get("PHOTOSTYLE_BACKEND")
    command = shlex.split(named, posix=os.name == "posix") if named else _installed(config_dir() / FILE) or _on_path()
    return Backend((*_outside(os.environ), *command)) if command else None


def config_dir(
    platform: str = sys.platform, environment: Mapping[str, str] = os.environ, home: Path | None = None
) -> Path:
    """The folder of the person's own settings; it may not exist yet.

    Args:
        platform: As `sys.platform` names it.
        environment: ``PHOTOSTYLE_CONFIG_DIR`` decides; else the platform's folder for such files.
        home: The person's folder.
    """
    named = environment.get("PHOTOSTYLE_CONFIG_DIR")
    if named:
        return Path(named)
    home = home or Path.home()
    if platform == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "photostyle"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "photostyle"
    return Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "photostyle"


def _installed(path: Path) -> list[str]:
    """What the file says, unless it is damaged or its program is gone."""
    try:
        command = json.loads(path.read_text(encoding="utf-8"))["command"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []
    is_command = isinstance(command, list) and command and all(isinstance(word, str) for word in command)
    return command if is_command and _program(command[0]) else []


def _on_path() -> list[str]:
    found = _program("photostyle")
    return [found] if found else []


def _program(name: str) -> str | None:
    # An import of several milliseconds, most of it for archives; the session's thread has them.
    import shutil

    return shutil.which(name)


def _outside(environment: Mapping[str, str]) -> list[str]:
    """What comes before a command so that it does not run with the libraries of the AppImage that the editor is."""
    if "APPDIR" not in environment:
        return []
    return ["env", *(word for name in _OF_APPIMAGES if name in environment for word in ("-u", name))]
