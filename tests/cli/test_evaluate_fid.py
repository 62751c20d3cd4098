"""``photostyle evaluate fid``: what it needs is said before anything is looked at."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from photostyle.cli import exit_codes
from support.command_line import assert_refused, photostyle


def test_the_weights_are_asked_for(tmp_path: Path) -> None:
    Image.new("RGB", (12, 8), "teal").save(tmp_path / "a.png")
    done = photostyle("evaluate", "fid", tmp_path, tmp_path, "--weights", tmp_path / "weights.pth")
    assert_refused(done, exit_codes.BAD_INPUT, "weights.pth", "6726825d")
