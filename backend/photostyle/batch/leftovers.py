"""What a killed batch leaves in the folder of its results."""

from __future__ import annotations

import contextlib
from pathlib import Path


def leftovers(out: Path) -> list[Path]:
    """Unfinished files, of batches that were killed or that run at this moment."""
    return list(out.rglob(".photostyle-*.part"))


def remove_files(files: list[Path]) -> None:
    """Remove files that nobody writes any more."""
    for file in files:
        with contextlib.suppress(OSError):
            file.unlink()
