"""Where GIMP and Krita keep what belongs to a person, for every platform and way of installing them."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from photostyle.installing.system import System

Editor = Literal["gimp", "krita"]
TITLES: Mapping[Editor, str] = {"gimp": "GIMP", "krita": "Krita"}
FLATPAKS: Mapping[Editor, str] = {"gimp": "org.gimp.GIMP", "krita": "org.kde.krita"}
OLDEST_GIMP = (3, 0)
_VERSION = re.compile(r"(\d+)\.(\d+)")
_RESOURCES = re.compile(r"^ResourceDirectory=(.+?)\s*$", re.MULTILINE)


class Build(enum.Enum):
    """How an editor came to the machine, which decides where it looks."""

    NATIVE = ""
    FLATPAK = "Flatpak"
    SNAP = "Snap"
    STORE = "Microsoft Store"


@dataclass(frozen=True)
class Profile:
    """One folder into which a plug-in can be put.

    Attributes:
        editor: Whose folder it is.
        folder: What holds ``plug-ins`` (GIMP) or ``pykrita`` (Krita).
        build: The way of installing that it belongs to.
        version: GIMP's version that looks there, ``3.0``; empty for Krita, whose versions share one.
        sandbox_settings: Where a plug-in in a sandbox keeps the person's settings; ``None`` outside of one.
        kritarc: Krita's file of settings, which says which plug-ins are on; ``None`` where it is not known.
    """

    editor: Editor
    folder: Path
    build: Build = Build.NATIVE
    version: str = ""
    sandbox_settings: Path | None = None
    kritarc: Path | None = None

    @property
    def title(self) -> str:
        """The editor's name."""
        return TITLES[self.editor]

    def __str__(self) -> str:
        name = f"{self.title} {self.version}".strip()
        return f"{name} ({self.build.value})" if self.build.value else name


def gimp_roots(system: System) -> dict[Build, Path]:
    """The folders that hold one folder for each version of GIMP, whether they exist or not."""
    if system.platform == "win32":
        return {Build.NATIVE: system.folder("APPDATA", "AppData", "Roaming") / "GIMP"}
    if system.platform == "darwin":
        return {Build.NATIVE: system.home / "Library" / "Application Support" / "GIMP"}
    return {
        Build.NATIVE: system.folder("XDG_CONFIG_HOME", ".config") / "GIMP",
        Build.FLATPAK: system.home / ".var" / "app" / FLATPAKS["gimp"] / "config" / "GIMP",
        Build.SNAP: system.home / "snap" / "gimp" / "current" / ".config" / "GIMP",
    }


def gimp_profiles(system: System) -> list[Profile]:
    """GIMP's profiles from version 3.0 on.

    Only those that GIMP made: one that finds a folder at its first start takes it for its own and does not take over
    the settings of an older GIMP.
    """
    named = system.environment.get("GIMP3_DIRECTORY")
    if named and Path(named).is_absolute():
        return [Profile("gimp", Path(named), version=short_version(Path(named).name))]
    found = [(build, path) for build, root in gimp_roots(system).items() for path in sorted(root.glob("*.*"))]
    return [_gimp_profile(system, path, build) for build, path in found if path.is_dir() and _is_recent(path.name)]


def _gimp_profile(system: System, folder: Path, build: Build) -> Profile:
    return Profile("gimp", folder, build, folder.name, _sandbox_settings(system, "gimp", build))


def short_version(version: str) -> str:
    """``3.0`` for ``3.0.4``; empty for what is no version."""
    found = _VERSION.match(version)
    return found[0] if found else ""


def _is_recent(version: str) -> bool:
    found = _VERSION.fullmatch(version)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_GIMP


def krita_profiles(system: System) -> list[Profile]:
    """Krita's folders of resources that exist; there is one for all versions."""
    places = [_krita_profile(system, *place) for place in _krita_places(system)]
    return [profile for profile in places if profile.folder.is_dir()]


def _krita_places(system: System) -> list[tuple[Build, Path, Path]]:
    """Way of installing, folder of resources, file of settings."""
    if system.platform == "win32":
        return _krita_on_windows(system)
    if system.platform == "darwin":
        library = system.home / "Library"
        return [(Build.NATIVE, library / "Application Support" / "krita", library / "Preferences" / "kritarc")]
    data, config = system.folder("XDG_DATA_HOME", ".local", "share"), system.folder("XDG_CONFIG_HOME", ".config")
    flatpak = system.home / ".var" / "app" / FLATPAKS["krita"]
    snap = system.home / "snap" / "krita" / "current"
    return [
        (Build.NATIVE, data / "krita", config / "kritarc"),
        (Build.FLATPAK, flatpak / "data" / "krita", flatpak / "config" / "kritarc"),
        (Build.SNAP, snap / ".local" / "share" / "krita", snap / ".config" / "kritarc"),
    ]


def _krita_on_windows(system: System) -> list[tuple[Build, Path, Path]]:
    roaming = system.folder("APPDATA", "AppData", "Roaming")
    local = system.folder("LOCALAPPDATA", "AppData", "Local")
    store = [package / "LocalCache" for package in sorted((local / "Packages").glob("*Krita_*"))]
    return [
        (Build.NATIVE, roaming / "krita", local / "kritarc"),
        *((Build.STORE, cache / "Roaming" / "krita", cache / "Local" / "kritarc") for cache in store),
    ]


def _krita_profile(system: System, build: Build, folder: Path, kritarc: Path) -> Profile:
    moved = _moved_resources(kritarc)
    settings = _sandbox_settings(system, "krita", build)
    return Profile("krita", moved or folder, build, sandbox_settings=settings, kritarc=kritarc)


def _moved_resources(kritarc: Path) -> Path | None:
    """The folder to which the person moved Krita's resources, in its settings."""
    if not kritarc.is_file():
        return None
    first_group = kritarc.read_text(encoding="utf-8", errors="replace").split("\n[", 1)[0]
    found = _RESOURCES.search(first_group)
    return Path(found[1]) if found else None


def _sandbox_settings(system: System, editor: Editor, build: Build) -> Path | None:
    if build is Build.FLATPAK:
        return system.home / ".var" / "app" / FLATPAKS[editor] / "config" / "photostyle"
    if build is Build.SNAP:
        return system.home / "snap" / editor / "current" / ".config" / "photostyle"
    return None
