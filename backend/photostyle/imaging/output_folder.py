"""The folder that results are written into."""

from __future__ import annotations

from pathlib import Path

from photostyle_protocol.errors import OutputError


def make_folder(path: Path) -> None:
    """Make it with those above it, if it is not there yet.

    Raises:
        OutputError: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path} cannot be made a folder ({error.strerror}).", "Choose another one.") from error
