"""What an editor in a sandbox needs beside the plug-in."""

from __future__ import annotations

from photostyle.installing import services
from photostyle.installing.installation import Talk
from photostyle.installing.profiles import FLATPAKS, Build, Profile
from photostyle.installing.system import System

_FOLDER = "xdg-run/photostyle"


def advice(profile: Profile, talk: Talk, system: System) -> list[str]:
    """What is still to be done for an editor in a sandbox, a line each; nothing for any other.

    Args:
        profile: The editor's.
        talk: How the plug-in in it reaches the daemon.
        system: The machine.
    """
    if profile.build is Build.SNAP:
        return ["A Snap can neither start the daemon nor reach it: take another build of the editor."]
    if profile.build is not Build.FLATPAK:
        return []
    lines = []
    if talk is Talk.BRIDGE:
        again = f"photostyle install {profile.editor} --download-wheels"
        lines.append(f"A Flatpak can start no bridge, and its Python has no pyzmq: {again}")
    if not services.service(system).path.exists():
        lines.append("A Flatpak cannot start the daemon; let your session do it: photostyle install service")
    if not _sees_the_socket(profile, system):
        override = f"flatpak override --user --filesystem={_FOLDER}:create {FLATPAKS[profile.editor]}"
        lines.append(f"A Flatpak does not see the daemon's socket: {override}")
    return lines


def _sees_the_socket(profile: Profile, system: System) -> bool:
    data = system.folder("XDG_DATA_HOME", ".local", "share")
    overrides = data / "flatpak" / "overrides" / FLATPAKS[profile.editor]
    return overrides.is_file() and _FOLDER in overrides.read_text(encoding="utf-8", errors="replace")
