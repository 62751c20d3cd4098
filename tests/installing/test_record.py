"""Where the plug-ins find the backend."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from photostyle import __version__
from photostyle.installing import record
from photostyle.installing.payload import HOMES
from photostyle_plugin.backend import find_backend


def plug_in(profile: Path) -> Path:
    home = profile / HOMES["gimp"]
    home.mkdir(parents=True)
    (home / "installed.json").write_text("{}")
    return profile


def test_the_plug_in_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOSTYLE_CONFIG_DIR", str(tmp_path))
    monkeypatch.delenv("PHOTOSTYLE_BACKEND", raising=False)
    record.add(tmp_path, plug_in(tmp_path / "3.0"))
    found = find_backend()
    assert found is not None
    assert found.command == record.own_command()
    done = subprocess.run([*found.command, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"photostyle {__version__}\n"
    assert (tmp_path / record.FILE).stat().st_mode & 0o777 == 0o600


def test_an_editors_python_settings_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the backend is found by them."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert "-E" in record.own_command()
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    assert "-E" in record.own_command()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["/nowhere", str(Path(record.__file__).parents[2])]))
    assert "-E" not in record.own_command()


def test_it_goes_with_the_last_plug_in(tmp_path: Path) -> None:
    settings, one, other = tmp_path / "settings", plug_in(tmp_path / "1"), plug_in(tmp_path / "2")
    record.add(settings, one)
    record.add(settings, other)
    record.add(settings, one)
    assert json.loads((settings / record.FILE).read_text())["installed_in"] == [str(one), str(other)]
    record.forget(settings, one)
    found = record.read_record(settings)
    assert found is not None
    assert found.installed_in == (other,)
    record.forget(settings, other)
    assert not settings.exists()


def test_a_profile_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    settings, one, other = tmp_path / "settings", plug_in(tmp_path / "1"), plug_in(tmp_path / "2")
    record.add(settings, one)
    (one / HOMES["gimp"] / "installed.json").unlink()
    record.add(settings, other)
    found = record.read_record(settings)
    assert found is not None
    assert found.installed_in == (other,)


def test_the_persons_settings_stay(tmp_path: Path) -> None:
    record.add(tmp_path, plug_in(tmp_path / "1"))
    (tmp_path / "memory.json").write_text("{}")
    record.forget(tmp_path, tmp_path / "1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "memory.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"command": "photostyle", "version": "1", "installed_in": 3}'])
def test_a_damaged_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / record.FILE).write_text(text)
    assert record.read_record(tmp_path) is None
    profile = plug_in(tmp_path / "1")
    record.add(tmp_path, profile)
    found = record.read_record(tmp_path)
    assert found is not None
    assert found.installed_in == (profile,)
