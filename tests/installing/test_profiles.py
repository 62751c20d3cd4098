"""Where the editors keep a person's things: worked out for each platform, on this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from photostyle.installing.profiles import Build, gimp_profiles, gimp_roots, krita_profiles
from photostyle.installing.system import System


def make(home: Path, *folders: str) -> None:
    for folder in folders:
        (home / folder).mkdir(parents=True)


def gimps(system: System) -> set[tuple[Build, str, str]]:
    home = system.home
    return {(p.build, p.version, p.folder.relative_to(home).as_posix()) for p in gimp_profiles(system)}


def kritas(system: System) -> set[tuple[Build, str, str]]:
    home = system.home
    return {
        (p.build, p.folder.relative_to(home).as_posix(), p.kritarc.relative_to(home).as_posix())
        for p in krita_profiles(system)
        if p.kritarc
    }


def test_gimp_on_linux(tmp_path: Path) -> None:
    flatpak, snap = ".var/app/org.gimp.GIMP/config/GIMP/3.0", "snap/gimp/current/.config/GIMP/3.0"
    make(tmp_path, ".config/GIMP/2.10", ".config/GIMP/3.0", ".config/GIMP/3.2", ".config/GIMP/backup", flatpak, snap)
    (tmp_path / ".config/GIMP/3.4").write_text("a file")
    assert gimps(System("linux", {}, tmp_path)) == {
        (Build.NATIVE, "3.0", ".config/GIMP/3.0"),
        (Build.NATIVE, "3.2", ".config/GIMP/3.2"),
        (Build.FLATPAK, "3.0", flatpak),
        (Build.SNAP, "3.0", snap),
    }


def test_gimp_with_another_place_for_settings(tmp_path: Path) -> None:
    make(tmp_path, "set/GIMP/3.0", ".config/GIMP/3.0")
    assert gimps(System("linux", {"XDG_CONFIG_HOME": str(tmp_path / "set")}, tmp_path)) == {
        (Build.NATIVE, "3.0", "set/GIMP/3.0")
    }


def test_gimp_with_a_folder_of_its_own(tmp_path: Path) -> None:
    """GIMP looks nowhere else then, and makes it if it is missing."""
    make(tmp_path, ".config/GIMP/3.0")
    assert gimps(System("linux", {"GIMP3_DIRECTORY": str(tmp_path / "mine")}, tmp_path)) == {(Build.NATIVE, "", "mine")}


@pytest.mark.parametrize(
    ("platform", "environment", "root"),
    [
        ("win32", {}, "AppData/Roaming/GIMP"),
        ("win32", {"APPDATA": "moved"}, "moved/GIMP"),
        ("darwin", {}, "Library/Application Support/GIMP"),
    ],
)
def test_gimp_elsewhere(tmp_path: Path, platform: str, environment: dict[str, str], root: str) -> None:
    make(tmp_path, f"{root}/3.0", f"{root}/2.99")
    system = System(platform, {name: str(tmp_path / value) for name, value in environment.items()}, tmp_path)
    assert gimps(system) == {(Build.NATIVE, "3.0", f"{root}/3.0")}


def test_gimp_that_was_never_started_has_none(tmp_path: Path) -> None:
    assert not gimp_profiles(System("linux", {}, tmp_path))
    assert gimp_roots(System("linux", {}, tmp_path))[Build.NATIVE] == tmp_path / ".config/GIMP"


def test_krita_on_linux(tmp_path: Path) -> None:
    flatpak, snap = ".var/app/org.kde.krita", "snap/krita/current"
    make(tmp_path, ".local/share/krita", f"{flatpak}/data/krita", f"{snap}/.local/share/krita")
    assert kritas(System("linux", {}, tmp_path)) == {
        (Build.NATIVE, ".local/share/krita", ".config/kritarc"),
        (Build.FLATPAK, f"{flatpak}/data/krita", f"{flatpak}/config/kritarc"),
        (Build.SNAP, f"{snap}/.local/share/krita", f"{snap}/.config/kritarc"),
    }


def test_krita_on_windows(tmp_path: Path) -> None:
    store = "AppData/Local/Packages/49800Krita_abc123/LocalCache"
    make(tmp_path, "AppData/Roaming/krita", f"{store}/Roaming/krita", "AppData/Local/Packages/Other_1")
    assert kritas(System("win32", {}, tmp_path)) == {
        (Build.NATIVE, "AppData/Roaming/krita", "AppData/Local/kritarc"),
        (Build.STORE, f"{store}/Roaming/krita", f"{store}/Local/kritarc"),
    }


def test_krita_on_macos(tmp_path: Path) -> None:
    make(tmp_path, "Library/Application Support/krita")
    assert kritas(System("darwin", {}, tmp_path)) == {
        (Build.NATIVE, "Library/Application Support/krita", "Library/Preferences/kritarc")
    }


def test_krita_whose_resources_were_moved(tmp_path: Path) -> None:
    make(tmp_path, "big disk/krita", ".config")
    moved = tmp_path / "big disk" / "krita"
    (tmp_path / ".config/kritarc").write_text(f"favorite=1\nResourceDirectory={moved}\n\n[python]\nenable_x=true\n")
    assert [profile.folder for profile in krita_profiles(System("linux", {}, tmp_path))] == [moved]


def test_a_plug_in_in_a_sandbox_has_settings_of_its_own(tmp_path: Path) -> None:
    make(tmp_path, ".var/app/org.gimp.GIMP/config/GIMP/3.0")
    (profile,) = gimp_profiles(System("linux", {}, tmp_path))
    assert profile.sandbox_settings == tmp_path / ".var/app/org.gimp.GIMP/config/photostyle"
    assert str(profile) == "GIMP 3.0 (Flatpak)"
