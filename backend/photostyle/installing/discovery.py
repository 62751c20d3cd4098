"""The editors and profiles of this machine, looked for once."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from photostyle.installing import kritarc, sandbox
from photostyle.installing.editors import Program, find_programs
from photostyle.installing.installation import Talk
from photostyle.installing.payload import HOMES
from photostyle.installing.profiles import (
    TITLES,
    Build,
    Editor,
    Profile,
    gimp_profiles,
    krita_profiles,
    short_version,
)
from photostyle.installing.pythons import Python, ask, python_command
from photostyle.installing.receipt import NAME as RECEIPT
from photostyle.installing.record import FILE, read_record
from photostyle.installing.system import System
from photostyle_plugin.backend import config_dir
from photostyle_protocol.errors import BadInputError, PhotostyleError

START_ONCE = (
    "Start it once and end it, then install: a folder made before its first start "
    "would keep it from taking over the settings of an older version."
)


@dataclass(frozen=True)
class Machine:
    """One editor on this machine.

    Attributes:
        editor: Which one.
        system: The machine.
        programs: The installed programs, those that are too old included.
        profiles: Where a plug-in can be put.
    """

    editor: Editor
    system: System
    programs: Sequence[Program]
    profiles: Sequence[Profile]

    @classmethod
    def look_around(cls, editor: Editor, system: System | None = None) -> Machine:
        """Find everything of an editor."""
        system = system or System.here()
        programs = find_programs(editor, system)
        profiles = gimp_profiles(system) if editor == "gimp" else krita_profiles(system)
        return cls(editor, system, programs, profiles)

    @property
    def settings(self) -> Path:
        """The folder of Photostyle's own settings."""
        return config_dir(self.system.platform, self.system.environment, self.system.home)

    @property
    def title(self) -> str:
        """The editor's name."""
        return TITLES[self.editor]

    def wanted(self, dest: Path | None) -> list[Profile]:
        """The profiles to install into: `dest` if given, else every one.

        Raises:
            BadInputError: `dest` is the folder in a profile instead of the profile.
        """
        return [self._profile_at(dest.absolute())] if dest else list(self.profiles)

    def everywhere(self) -> list[Profile]:
        """Every profile that is found, and those that were named with ``--dest`` when something was installed."""
        recorded = read_record(self.settings)
        known = {profile.folder for profile in self.profiles}
        extra = [path for path in (recorded.installed_in if recorded else ()) if path not in known]
        return [*self.profiles, *(self._profile_at(path) for path in extra if self._has_plugin(path))]

    def installed(self, dest: Path | None) -> list[Profile]:
        """The profiles, or `dest` alone, that hold a plug-in which the installer put there."""
        candidates = [self._profile_at(dest.absolute())] if dest else self.everywhere()
        return [profile for profile in candidates if self._has_plugin(profile.folder)]

    def _has_plugin(self, folder: Path) -> bool:
        return (folder / HOMES[self.editor] / RECEIPT).is_file()

    def python_of(self, profile: Profile) -> Python | None:
        """The Python that runs the plug-in in this profile; ``None`` where that cannot be asked."""
        program = self._program_of(profile)
        if program is None:
            return None
        command = python_command(self.editor, profile.build, program.path, self.system)
        return ask(command, self.system) if command else None

    def advice(self, profile: Profile, talk: Talk) -> list[str]:
        """What else is to be done for this profile, whose plug-in reaches the daemon this way; a line each."""
        lines = sandbox.advice(profile, talk, self.system)
        if self.editor == "krita" and not profile.kritarc:
            lines.append("Turn it on: Settings ▸ Configure Krita ▸ Python Plugin Manager ▸ Photorealistic Style.")
        if profile.kritarc and not _is_on(profile.kritarc):
            lines.append("It is turned off in Krita: Settings ▸ Configure Krita ▸ Python Plugin Manager.")
        return lines

    @property
    def unstarted(self) -> list[Program]:
        """Programs that have no profile yet, so that nothing can be put into it."""
        return [program for program in self.programs if not program.is_too_old and not self._has_profile(program)]

    def nothing_found(self) -> PhotostyleError:
        """The error when there is nowhere to install."""
        if self.unstarted:
            return BadInputError(f"{self.unstarted[0]} has not been started yet.", START_ONCE)
        old = [program for program in self.programs if program.is_too_old]
        what = f"only {old[0]}, and the plug-in needs GIMP 3" if old else "no program and no profile folder"
        return BadInputError(
            f"{self.title} was not found here: {what}.",
            f"Install {self.title} and start it once, or name its profile folder with --dest.",
        )

    def settings_left(self) -> list[Path]:
        """Folders with a person's own settings, when nothing uses them any more."""
        folders = {self.settings, *(profile.sandbox_settings for profile in self.profiles if profile.sandbox_settings)}
        return sorted(folder for folder in folders if folder.is_dir() and not (folder / FILE).exists())

    def _has_profile(self, program: Program) -> bool:
        """Whether one of its build is there, and of its version where both are known."""
        of_build = {profile.version for profile in self.profiles if profile.build is program.build}
        version = short_version(program.version)
        return bool(of_build) and (not version or "" in of_build or version in of_build)

    def _program_of(self, profile: Profile) -> Program | None:
        fitting = [program for program in self.programs if program.build is profile.build and not program.is_too_old]
        exact = [program for program in fitting if profile.version and program.version.startswith(profile.version)]
        return next(iter([*exact, *fitting]), None)

    def _profile_at(self, folder: Path) -> Profile:
        for profile in self.profiles:
            if profile.folder == folder:
                return profile
        if folder.name in {"plug-ins", "pykrita"}:
            raise BadInputError(f"{folder} lies in the profile.", f"Give the profile itself: --dest {folder.parent}")
        return Profile(self.editor, folder, Build.NATIVE)


def _is_on(file: Path) -> bool:
    return file.is_file() and kritarc.is_on(file.read_text(encoding="utf-8", errors="replace"))


def is_running(name: str) -> bool:
    """Whether a program of this name runs, for anybody whose processes can be seen."""
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            if (process.info["name"] or "").lower().removesuffix(".exe") == name:
                return True
    return False
