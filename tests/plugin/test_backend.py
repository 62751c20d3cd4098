"""Finding the backend, on every platform."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from photostyle_plugin.backend import FILE, Backend, config_dir, find_backend


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PHOTOSTYLE_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("PHOTOSTYLE_BACKEND", "APPDIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(folder: Path, content: object) -> None:
    (folder / FILE).write_text(json.dumps(content))


def on_path(folder: Path) -> str:
    program = folder / "bin" / "photostyle"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return str(program)


def test_none() -> None:
    assert find_backend() is None


def test_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    write(folder, {"command": [sys.executable]})
    monkeypatch.setenv("PHOTOSTYLE_BACKEND", "'/a folder/python' -m photostyle.cli")
    assert find_backend() == Backend(("/a folder/python", "-m", "photostyle.cli"))


def test_installed(folder: Path) -> None:
    on_path(folder)
    command = [sys.executable, "-m", "photostyle.cli"]
    write(folder, {"command": command, "version": "9", "something": "new"})
    assert find_backend() == Backend(tuple(command))


def test_on_the_path(folder: Path) -> None:
    program = on_path(folder)
    assert find_backend() == Backend((program,))


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "{}", '{"command": []}', '{"command": "sh"}', '{"command": ["sh", 1]}', "[" * 100_000],
)
def test_a_damaged_file_is_as_good_as_none(folder: Path, content: str) -> None:
    (folder / FILE).write_text(content)
    assert find_backend() is None


def test_a_program_that_is_gone(folder: Path) -> None:
    write(folder, {"command": [str(folder / "gone" / "python"), "-m", "photostyle.cli"]})
    assert find_backend() is None
    program = on_path(folder)
    assert find_backend() == Backend((program,))


def test_the_libraries_of_an_appimage_stay_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = on_path(folder)
    monkeypatch.setenv("APPDIR", "/tmp/.mount_krita")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/tmp/.mount_krita/usr/lib")
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv("PYTHONHOME", "/tmp/.mount_krita/usr")
    assert find_backend() == Backend(("env", "-u", "PYTHONHOME", "-u", "LD_LIBRARY_PATH", program))


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "H/.config/photostyle"),
        ("linux", {"XDG_CONFIG_HOME": "X"}, "X/photostyle"),
        ("linux", {"XDG_CONFIG_HOME": ""}, "H/.config/photostyle"),
        ("darwin", {"XDG_CONFIG_HOME": "X"}, "H/Library/Application Support/photostyle"),
        ("win32", {"APPDATA": "A"}, "A/photostyle"),
        ("win32", {}, "H/AppData/Roaming/photostyle"),
        ("win32", {"APPDATA": "A", "PHOTOSTYLE_CONFIG_DIR": "P"}, "P"),
    ],
)
def test_the_folder_of_settings(platform: str, environment: dict[str, str], expected: str) -> None:
    assert config_dir(platform, environment, Path("H")) == Path(expected)
