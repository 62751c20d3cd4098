"""The Debian tree that holds the editors, made by ``tests/editors/setup``."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.imports import REPOSITORY

SCRIPTS = REPOSITORY / "tests" / "editors"
PLACE_VARIABLE = "PHOTOSTYLE_EDITORS"
REQUIRED_VARIABLE = "PHOTOSTYLE_EDITORS_REQUIRED"
"""Set to anything: editors that cannot be run fail the tests instead of skipping them."""


@dataclass(frozen=True)
class EditorTree:
    """A tree that is set up.

    Attributes:
        place: The folder given to ``setup``.
    """

    place: Path

    @property
    def versions(self) -> dict[str, str]:
        """By name: ``gimp``, ``krita``, ``python``, ``pyzmq``, ``qt``, ``pyqt``."""
        lines = (self.place / "versions").read_text().splitlines()
        return {name: version for name, _, version in (line.partition("=") for line in lines)}

    def command(self, script: str, *arguments: str | Path) -> list[str]:
        """The command line of one of the scripts beside ``setup``, for this tree."""
        return [str(SCRIPTS / script), "--root", str(self.place), *map(str, arguments)]


def default_place() -> Path:
    """``PHOTOSTYLE_EDITORS``, else the cache folder: the same that the scripts take."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get(PLACE_VARIABLE) or Path(cache) / "photostyle" / "editors")


def problem(place: Path) -> str:
    """Why the editors cannot be run from there, and what to do; empty when they can."""
    if not _can_mount():
        return "the real editors are run in a chroot, which needs Linux, root and the right to mount"
    if not (place / ".stage-profiles").exists():
        return f"the real editors are not set up in {place}: run tests/editors/setup (400 MB, about 2 minutes)"
    return ""


def _can_mount() -> bool:
    if shutil.which("unshare") is None or os.geteuid() != 0:
        return False
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0
