"""The demonstration as a person runs it, once its environment is there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.imaging.reading import read_picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from support.imports import REPOSITORY


def demo(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "installers" / "demo.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110, check=False)


@pytest.mark.slow
def test_with_its_own_photographs(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"result.png", "sheet.png"}
    for part in ("install", "daemon start", "worker load", "send", "compute", "fetch", "write"):
        assert part in done.stdout
    assert "result.png" in done.stdout
    assert "sheet.png" in done.stdout


@pytest.mark.slow
def test_with_given_photographs(tmp_path: Path, photograph_files: Mapping[str, Path]) -> None:
    content, style = photograph_files["coffee"], photograph_files["astronaut"]
    done = demo(tmp_path, content, style)
    assert done.returncode == 0, done.stderr
    with Image.open(content) as before, Image.open(tmp_path / "out" / "result.png") as after:
        assert before.size == after.size
        assert np.abs(np.asarray(before, float) - np.asarray(after, float)).mean() > 5
    shown = [read_picture(path) for path in (content, style, tmp_path / "out" / "result.png")]
    with Image.open(tmp_path / "out" / "sheet.png") as sheet:
        assert np.array_equal(np.asarray(sheet), contact_sheet([SheetRow(shown)]).pixels)


def test_one_photograph_is_not_enough(tmp_path: Path) -> None:
    done = demo(tmp_path, "content.png")
    assert done.returncode == 2
    assert "give two pictures" in done.stderr


def test_what_is_no_photograph(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    done = demo(tmp_path, "notes.txt", "notes.txt")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in done.stderr
