"""Which Python an editor runs plug-ins with, and what that one can import."""

from __future__ import annotations

import inspect
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photostyle.installing.profiles import FLATPAKS, Build, Editor
from photostyle.installing.system import System
from photostyle_plugin import vendoring

_PATIENCE_S = 30
_QUESTION = """
import json, platform
print(json.dumps([platform.python_version(), tags(), can_import_zmq()]))
"""


@dataclass(frozen=True)
class Python:
    """An editor's Python.

    Attributes:
        version: As it says, ``3.13.5``.
        tags: Names of the folders under the plug-in's ``vendor`` whose compiled modules it looks for.
        has_zmq: Whether it can import pyzmq by itself.
    """

    version: str
    tags: tuple[str, ...]
    has_zmq: bool = False

    def __str__(self) -> str:
        return f"Python {self.version}"


def ask(command: Sequence[str], system: System) -> Python | None:
    """What a Python says of itself; ``None`` if it does not run.

    It is asked with the plug-in's own rules, which are its module's source: a sandbox would not see the file.
    """
    try:
        done = subprocess.run(
            [*command, "-c", inspect.getsource(vendoring) + _QUESTION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=system.clean_environment(),
            cwd=system.home,
            timeout=_PATIENCE_S,
            check=True,
        )
        version, tags, has_zmq = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError, TypeError):
        return None
    return Python(str(version), tuple(tags), bool(has_zmq))


def python_command(editor: Editor, build: Build, program: Path | None, system: System) -> list[str] | None:
    """How the editor's Python is started; ``None`` where nobody outside the editor can start it.

    Args:
        editor: Which one.
        build: How it came to the machine.
        program: The editor itself; ``None`` in a sandbox.
        system: The machine.
    """
    if build is Build.FLATPAK:
        return ["flatpak", "run", "--command=python3", FLATPAKS[editor]]
    if build is not Build.NATIVE or program is None:
        return None
    if system.platform != "linux":
        return _bundled(program)
    # Krita's plug-ins run in the system's own Python, which is linked into it; GIMP starts one.
    found = (_registered(program) if editor == "gimp" else None) or system.program("python3")
    return [str(found)] if found else None


def _registered(gimp: Path) -> Path | None:
    """The Python that GIMP's own files name for ``python3``, as some builds do."""
    prefix = gimp.resolve().parent.parent
    for file in sorted(prefix.glob("lib*/**/gimp/3.*/interpreters/*.interp")):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, path = (part.strip() for part in line.partition("="))
            if name == "python3" and Path(path).is_file():
                return Path(path)
    return None


def _bundled(program: Path) -> list[str] | None:
    """Beside the editor, on Windows and macOS."""
    beside = (program.with_name(name) for name in ("python.exe", "python3.exe", "python3", "python"))
    return next(([str(path)] for path in beside if path.is_file()), None)
