"""The folders of results, and what a killed batch leaves in them."""

from __future__ import annotations

import contextlib
from pathlib import Path

from photostyle_protocol.errors import OutputError


def make_folder(folder: Path) -> None:
    """Make a folder with those above it.

    Raises:
        OutputError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be made ({error.strerror}).", "Choose another one.") from error


def leftovers(out: Path) -> list[Path]:
    """Unfinished files, of batches that were killed or that run at this moment."""
    return list(out.rglob(".photostyle-*.part"))


def remove_files(files: list[Path]) -> None:
    """Remove files that nobody writes any more."""
    for file in files:
        with contextlib.suppress(OSError):
            file.unlink()
