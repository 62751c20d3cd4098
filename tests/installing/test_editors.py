"""Which editors are here, and their Pythons: asked of programs that answer as the real ones do."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from photostyle.installing.editors import Program, find_programs
from photostyle.installing.profiles import Build
from photostyle.installing.pythons import ask, python_command
from photostyle.installing.system import System
from photostyle_plugin.vendoring import tags

GIMP_SAYS = "echo 'GNU Image Manipulation Program version {}'"


@pytest.fixture
def system(tmp_path: Path) -> System:
    (tmp_path / "bin").mkdir()
    return System("linux", {"PATH": str(tmp_path / "bin")}, tmp_path)


def add_program(system: System, name: str, script: str) -> Path:
    path = system.home / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_none(system: System) -> None:
    assert find_programs("gimp", system) == find_programs("krita", system) == []


def test_one_by_two_names_is_one(system: System) -> None:
    path = add_program(system, "gimp-3.0", GIMP_SAYS.format("3.0.4"))
    (path.parent / "gimp").symlink_to(path)
    assert find_programs("gimp", system) == [Program("gimp", Build.NATIVE, "3.0.4", path)]


def test_an_old_and_a_new_one(system: System) -> None:
    add_program(system, "gimp", GIMP_SAYS.format("2.10.34"))
    add_program(system, "gimp-3.0", GIMP_SAYS.format("3.0.2"))
    found = find_programs("gimp", system)
    assert [(program.version, program.is_too_old) for program in found] == [("3.0.2", False), ("2.10.34", True)]


def test_one_that_does_not_answer(system: System) -> None:
    path = add_program(system, "krita", "echo 'could not connect to display' >&2; exit 1")
    assert find_programs("krita", system) == [Program("krita", Build.NATIVE, "", path)]


def test_krita_is_asked_without_a_display(system: System) -> None:
    path = add_program(system, "krita", "exit 134")
    add_program(system, "krita_version", "echo 5.2.9")
    assert find_programs("krita", system) == [Program("krita", Build.NATIVE, "5.2.9", path)]


def test_in_a_flatpak(system: System) -> None:
    add_program(system, "flatpak", 'case "$*" in "info org.gimp.GIMP") echo "     Version: 3.0.4";; *) exit 1;; esac')
    assert find_programs("gimp", system) == [Program("gimp", Build.FLATPAK, "3.0.4")]
    assert find_programs("krita", system) == []


def test_in_a_snap(system: System) -> None:
    add_program(system, "snap", "echo 'Name   Version  Rev'; echo 'krita  5.2.9    99'")
    assert find_programs("krita", system) == [Program("krita", Build.SNAP, "5.2.9")]


def test_on_windows(tmp_path: Path) -> None:
    program = tmp_path / "Programs" / "GIMP 3" / "bin" / "gimp.exe"
    program.parent.mkdir(parents=True)
    program.touch()
    python = program.with_name("python.exe")
    python.touch()
    system = System("win32", {"PROGRAMFILES": str(tmp_path / "Programs")}, tmp_path)
    assert [found.path for found in find_programs("gimp", system)] == [program]
    assert python_command("gimp", Build.NATIVE, program, system) == [str(python)]


def test_what_this_python_says() -> None:
    found = ask([sys.executable], System.here())
    assert found is not None
    assert found.version.startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
    assert found.tags == tags()
    assert found.has_zmq


def test_a_python_without_pyzmq() -> None:
    found = ask([sys.executable, "-S"], System.here())
    assert found is not None
    assert not found.has_zmq


@pytest.mark.parametrize("script", ["exit 3", "echo '[1, 2'", "echo '7'"])
def test_a_python_that_does_not_answer(system: System, script: str) -> None:
    assert ask([str(add_program(system, "python3", script))], system) is None
    assert ask([str(system.home / "absent")], system) is None


def test_gimp_runs_the_python_that_its_files_name(system: System) -> None:
    gimp = add_program(system, "gimp", "")
    assert python_command("gimp", Build.NATIVE, gimp, system) is None
    python = add_program(system, "python3", "")
    assert python_command("gimp", Build.NATIVE, gimp, system) == [str(python)]
    named = add_program(system, "python3.13", "")
    folder = system.home / "lib/x86_64-linux-gnu/gimp/3.0/interpreters"
    folder.mkdir(parents=True)
    (folder / "pygimp.interp").write_text(f"#python3=/nowhere\npython={python}\npython3={named}\n")
    assert python_command("gimp", Build.NATIVE, gimp, system) == [str(named)]
    assert python_command("krita", Build.NATIVE, gimp, system) == [str(python)]


def test_the_virtual_environment_is_not_what_the_desktop_has(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = add_program(system, "python3", "")
    environment = system.home / "venv"
    (environment / "bin").mkdir(parents=True)
    inside = environment / "bin" / "python3"
    inside.symlink_to(outside)
    monkeypatch.setattr(sys, "prefix", str(environment))
    path = os.pathsep.join([str(inside.parent), str(outside.parent)])
    assert System("linux", {"PATH": path}, system.home).program("python3") == outside
