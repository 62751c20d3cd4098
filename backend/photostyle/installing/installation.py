"""One plug-in in one profile: put in, taken out, looked at."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

from photostyle import __version__
from photostyle.installing import kritarc, record, vendoring, wheels
from photostyle.installing.payload import HOMES, parcel
from photostyle.installing.placing import Change, Parcel, is_executable, place, take_away
from photostyle.installing.profiles import Profile
from photostyle.installing.pythons import Python
from photostyle.installing.receipt import NAME, Receipt, read_receipt
from photostyle_plugin.backend import config_dir


class Talk(enum.Enum):
    """How a plug-in reaches the daemon."""

    OWN = "the editor's own pyzmq"
    VENDORED = "the pyzmq that was put beside it"
    MAYBE = "the pyzmq that was put beside it, or photostyle bridge where the editor's Python cannot load that"
    BRIDGE = "photostyle bridge, since the editor's Python has no pyzmq"


class State(enum.Enum):
    """How the plug-in in a profile is, compared with this version."""

    ABSENT = "not installed"
    LINK = "a link, for people who work on it"
    FOREIGN = "there, but not put there by photostyle install"
    OTHER_VERSION = "of another version"
    CHANGED = "changed since it was installed"
    NOT_EXECUTABLE = "not executable, so GIMP passes over it"
    CURRENT = "up to date"


@dataclass(frozen=True)
class Found:
    """What is in a profile."""

    state: State
    version: str = ""
    files: tuple[str, ...] = ()


def is_installed(profile: Profile) -> bool:
    """Whether the installer put a plug-in into this profile."""
    return (profile.folder / HOMES[profile.editor] / NAME).is_file()


def talk_of(profile: Profile, python: Python | None) -> Talk:
    """How the plug-in in this profile reaches the daemon."""
    if python is not None and python.has_zmq:
        return Talk.OWN
    vendored = {path.name for path in (profile.folder / HOMES[profile.editor] / vendoring.FOLDER).glob("*-*")}
    if python is None:
        return Talk.MAYBE if vendored else Talk.BRIDGE
    return Talk.VENDORED if vendored & {*python.tags} else Talk.BRIDGE


def compiled_for(python: Python | None, *, may_download: bool) -> dict[str, bytes]:
    """The compiled modules to put beside a plug-in that this Python runs, by path below the plug-in's folder.

    Raises:
        BadOptionError: A download is wished and there is none for it.
        JobFailedError: The download failed.
    """
    if python is not None and python.has_zmq:
        return {}
    files = vendoring.own_pyzmq(python)
    if may_download and (python is None or not files):
        wanted = [wheels.wheel_for(python)] if python else wheels.for_this_platform()
        files |= {name: data for wheel in wanted for name, data in wheels.download(wheel).items()}
    return files


def install(profile: Profile, compiled: dict[str, bytes]) -> Change:
    """Put the plug-in of this version into a profile, turn it on, and record where the backend is.

    Raises:
        OutputError: A folder is a link, or the disk says no.
    """
    change = place(profile.folder, parcel(profile.editor, compiled), __version__)
    record.add(config_dir(), profile.folder)
    if profile.kritarc:
        kritarc.rewrite(profile.kritarc, kritarc.turned_on)
    return change


def uninstall(profile: Profile) -> Change:
    """Take the plug-in out of a profile.

    Raises:
        OutputError: The disk says no.
    """
    change = take_away(profile.folder, HOMES[profile.editor])
    if change.removed and profile.kritarc:
        kritarc.rewrite(profile.kritarc, kritarc.turned_off)
    record.forget(config_dir(), profile.folder)
    return change


def look(profile: Profile) -> Found:
    """How the plug-in in a profile is."""
    root, home = profile.folder, HOMES[profile.editor]
    if (root / home).is_symlink():
        return Found(State.LINK)
    if not (root / home).is_dir():
        return Found(State.ABSENT)
    known = read_receipt(root / home / NAME)
    if known is None:
        return Found(State.FOREIGN)
    return _compare(root, parcel(profile.editor, {}), known)


def _compare(root: Path, current: Parcel, known: Receipt) -> Found:
    changed = [path for path in known.files if not known.is_ours(root, path)]
    if changed:
        return Found(State.CHANGED, known.version, tuple(sorted(changed)))
    if current.main and not is_executable(root / current.main):
        return Found(State.NOT_EXECUTABLE, known.version, (current.main,))
    fresh = Receipt.of(__version__, current.files)
    is_same = known.version == __version__ and all(known.files.get(path) == fresh.files[path] for path in fresh.files)
    return Found(State.CURRENT if is_same else State.OTHER_VERSION, known.version)
