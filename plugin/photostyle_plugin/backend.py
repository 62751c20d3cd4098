"""Where the backend is: the command that starts it in an environment of its own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = "backend.json"


@dataclass(frozen=True)
class Backend:
    """How to run the command line of the backend.

    Attributes:
        command: Program and first arguments; ``serve`` or ``bridge`` follow.
    """

    command: tuple[str, ...]


def find_backend() -> Backend | None:
    """The backend: ``PHOTOSTYLE_BACKEND``, what ``photostyle install`` wrote down, or ``photostyle`` on the PATH."""
    named = os.environ.get("PHOTOSTYLE_BACKEND")
    if named:
        return Backend(tuple(shlex.split(named, posix=os.name == "posix")))
    return _installed(config_dir() / FILE) or _on_path()


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


def _installed(path: Path) -> Backend | None:
    """What the file says, unless it is damaged or its program is gone."""
    try:
        command = json.loads(path.read_text(encoding="utf-8"))["command"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    is_command = isinstance(command, list) and command and all(isinstance(word, str) for word in command)
    return Backend(tuple(command)) if is_command and shutil.which(command[0]) else None


def _on_path() -> Backend | None:
    found = shutil.which("photostyle")
    return Backend((found,)) if found else None
