"""Which GIMP and which Krita are on this machine."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from photostyle.installing.profiles import FLATPAKS, TITLES, Build, Editor
from photostyle.installing.system import System

_PATIENCE_S = 30
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)*")
_NAMES: dict[Editor, tuple[str, ...]] = {"gimp": ("gimp-3.2", "gimp-3.0", "gimp-3", "gimp"), "krita": ("krita",)}


@dataclass(frozen=True)
class Program:
    """An editor that is installed.

    Attributes:
        editor: Which one.
        build: How it came here.
        version: As it says itself; empty where it does not say.
        path: Where it lies; ``None`` in a sandbox.
    """

    editor: Editor
    build: Build
    version: str = ""
    path: Path | None = None

    def __str__(self) -> str:
        name = f"{TITLES[self.editor]} {self.version}".strip()
        return f"{name} at {self.path}" if self.path else f"{name} ({self.build.value})"

    @property
    def is_too_old(self) -> bool:
        """Whether it is a GIMP before 3, whose plug-ins are of another kind."""
        return self.editor == "gimp" and bool(self.version) and int(self.version.partition(".")[0]) < 3


def find_programs(editor: Editor, system: System) -> list[Program]:
    """Every installed program of this editor, the person's first choice first."""
    search: tuple[Callable[[Editor, System], Iterator[Program]], ...] = (_native, _flatpak, _snap)
    return [program for look in search for program in look(editor, system)]


def _native(editor: Editor, system: System) -> Iterator[Program]:
    seen = set()
    for path in _candidates(editor, system):
        if path.resolve() not in seen:
            seen.add(path.resolve())
            yield Program(editor, Build.NATIVE, _version_of(path, system), path)


def _candidates(editor: Editor, system: System) -> Iterator[Path]:
    if system.platform == "win32":
        for folder in _windows_folders(system):
            yield from sorted(folder.glob(f"{TITLES[editor]}*/bin/{editor}.exe"))
    elif system.platform == "darwin":
        for root in (Path("/Applications"), system.home / "Applications"):
            yield from sorted(root.glob(f"{TITLES[editor]}*.app/Contents/MacOS/{editor}"))
    else:
        found = (system.program(name) for name in _NAMES[editor])
        yield from (path for path in found if path and not _leads_into_a_sandbox(path))


def _leads_into_a_sandbox(path: Path) -> bool:
    return "snap" in path.parts or "flatpak" in path.parts


def _windows_folders(system: System) -> Iterator[Path]:
    for variable in ("PROGRAMFILES", "PROGRAMW6432"):
        if variable in system.environment:
            yield Path(system.environment[variable])
    yield system.folder("LOCALAPPDATA", "AppData", "Local") / "Programs"


def _version_of(path: Path, system: System) -> str:
    """Asked on Linux and macOS; a program for Windows opens a window instead of answering, so its folder is read."""
    if system.platform == "win32":
        return _first_version(path.parent.parent.name)
    quiet = path.with_name(f"{path.name}_version")  # Krita's own, which needs no display
    return _first_version(_said([str(quiet)] if quiet.is_file() else [str(path), "--version"], system))


def _flatpak(editor: Editor, system: System) -> Iterator[Program]:
    if system.program("flatpak"):
        said = _said(["flatpak", "info", FLATPAKS[editor]], system)
        if said:
            version = re.search(r"^\s*Version:\s*(\S+)", said, re.MULTILINE)
            yield Program(editor, Build.FLATPAK, version[1] if version else "")


def _snap(editor: Editor, system: System) -> Iterator[Program]:
    if system.program("snap"):
        for line in _said(["snap", "list", editor], system).splitlines():
            if line.split()[:1] == [editor]:
                yield Program(editor, Build.SNAP, _first_version(line))


def _first_version(text: str) -> str:
    found = _VERSION.search(text)
    return found[0] if found else ""


def _said(command: list[str], system: System) -> str:
    """What a program prints; empty if it fails."""
    environment = {**system.clean_environment(), "LC_ALL": "C"}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_PATIENCE_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
