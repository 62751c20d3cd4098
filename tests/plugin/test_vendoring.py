"""Packages beside the plug-in: found, and never before the system's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from photostyle_plugin import vendoring

LOOK = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import vendoring
vendoring.use_vendored(Path(sys.argv[2]))
import {module}
print({module}.__file__)
"""


def imported_from(folder: Path, module: str) -> str:
    room = Path(vendoring.__file__).parent
    command = [sys.executable, "-c", LOOK.format(module=module), str(room), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def vendor(folder: Path, tag: str, module: str) -> Path:
    path = folder / "vendor" / tag / f"{module}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


@pytest.mark.parametrize("tag", [*vendoring.tags(), "pure"])
def test_what_lies_beside_the_plugin_is_found(tmp_path: Path, tag: str) -> None:
    vendor(tmp_path, "cpython-27-amiga", "only_vendored")
    path = vendor(tmp_path, tag, "only_vendored")
    assert imported_from(tmp_path, "only_vendored") == str(path)


def test_the_best_folder_comes_first(tmp_path: Path) -> None:
    first, *others = [vendor(tmp_path, tag, "only_vendored") for tag in (*vendoring.tags(), "pure")]
    assert others
    assert imported_from(tmp_path, "only_vendored") == str(first)


def test_the_systems_packages_come_first(tmp_path: Path) -> None:
    path = vendor(tmp_path, "pure", "msgpack")
    assert imported_from(tmp_path, "msgpack") != str(path)


def test_folders_are_added_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    vendor(tmp_path, "pure", "something")
    assert vendoring.use_vendored(tmp_path) == [tmp_path / "vendor" / "pure"]
    assert vendoring.use_vendored(tmp_path) == []
    assert sys.path.count(str(tmp_path / "vendor" / "pure")) == 1


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux-x86_64", ["linux-x86_64"]),
        ("win-amd64", ["win-amd64"]),
        ("mingw_x86_64_ucrt_gnu", ["mingw_x86_64_ucrt_gnu"]),
        ("macosx-11.0-universal2", ["macos-arm64", "macos-universal2"]),
    ],
)
def test_machines(monkeypatch: pytest.MonkeyPatch, platform: str, expected: list[str]) -> None:
    monkeypatch.setattr(vendoring.sysconfig, "get_platform", lambda: platform)
    monkeypatch.setattr(vendoring.os, "uname", lambda: type("", (), {"machine": "arm64"}))
    assert list(vendoring.machines()) == expected


def test_zmq_of_another_platform_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vendoring.can_import_zmq()
    (tmp_path / "zmq.py").write_text("raise OSError('wrong ELF class')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "zmq")
    assert not vendoring.can_import_zmq()
