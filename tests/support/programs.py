"""Programs of others that look at results; ``installers/test`` brings them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def program(name: str) -> str:
    """Where a program is; without it the test is skipped, or fails where it has to be there."""
    found = shutil.which(name)
    if found is None and "PHOTOSTYLE_PROGRAMS_REQUIRED" in os.environ:
        pytest.fail(f"{name} is not installed")
    return found or pytest.skip(f"{name} is not installed; see installers/programs.sh")


def exiftool_tags(path: Path) -> dict[str, str]:
    """What exiftool finds in a file, by group and tag, such as ``ExifIFD:FNumber``."""
    said = subprocess.run(
        [program("exiftool"), "-G1", "-s", "-a", "-f", str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    pairs = (line.split(":", 1) for line in said.splitlines())
    return {head.replace("[", "").replace("]", ":").replace(" ", ""): value.strip() for head, value in pairs}


def set_with_exiftool(path: Path, *tags: str) -> None:
    """Change a file's metadata in its place."""
    subprocess.run([program("exiftool"), "-q", "-m", "-overwrite_original", *tags, str(path)], check=True, timeout=60)
