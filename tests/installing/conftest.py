"""A person with a home folder of their own, for commands that run in processes of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

FOLDERS = (
    "APPDATA",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "GIMP3_DIRECTORY",
    "PHOTOSTYLE_CONFIG_DIR",
    "PHOTOSTYLE_BACKEND",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder, and a PATH with nothing but a Python on it; `add_editor` puts editors there."""
    for name in FOLDERS:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(entry for entry in sys.path if entry))
    return tmp_path
