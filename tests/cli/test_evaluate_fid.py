"""``photostyle evaluate fid``: what it needs is said before anything is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from photostyle.cli import exit_codes
from support.command_line import assert_refused, photostyle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, and an empty folder beside them."""
    for name in ("a", "b"):
        (tmp_path / "results").mkdir(exist_ok=True)
        Image.new("RGB", (12, 8), "teal").save(tmp_path / "results" / f"{name}.png")
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_the_weights_are_asked_for(folder: Path) -> None:
    weights = folder / "weights.pth"
    words = ("evaluate", "fid", folder / "results", folder / "results")
    assert_refused(photostyle(*words, "--weights", weights), exit_codes.BAD_INPUT, "weights.pth", "6726825d")
    weights.write_bytes(b"another network")
    assert_refused(photostyle(*words, "--weights", weights), exit_codes.BAD_INPUT, "does not hold", "6726825d")


def test_folders_without_pictures_are_refused(folder: Path) -> None:
    words = ("--weights", folder / "weights.pth")
    for wrong in ("empty", "nowhere"):
        for pair in ((wrong, "results"), ("results", wrong)):
            done = photostyle("evaluate", "fid", *(folder / name for name in pair), *words)
            assert_refused(done, exit_codes.BAD_INPUT, str(folder / wrong))
