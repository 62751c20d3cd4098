"""Where the pictures of an evaluation lie, beside its tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from photostyle.evaluation.cases import Case
from photostyle.imaging.picture import Picture
from photostyle.imaging.writing import write_picture
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadInputError

FOLDER = "pictures"
GIVEN = ("content", "style", "truth")


def kind_folder(kind: str) -> str:
    """A folder name for a contestant that every file system takes."""
    return re.sub(r"[^\w.=+-]+", "-", kind)


def check_names(contestants: Sequence[str]) -> None:
    """Refuse names that would share a folder.

    Raises:
        BadInputError: Two are the same, or one is called like the given pictures.
    """
    taken = {name: name for name in GIVEN}
    for name in contestants:
        folder = kind_folder(name)
        if folder in taken:
            raise BadInputError(f"{name!r} and {taken[folder]!r} would be one column.", "Give each its own name once.")
        taken[folder] = name


def picture_path(kind: str, case: str) -> Path:
    """A picture's place, relative to the output folder.

    Args:
        kind: ``content``, ``style``, ``truth`` or a contestant.
        case: The case's name.
    """
    return Path(FOLDER, kind_folder(kind), f"{case}.png")


def save(out: Path, kind: str, case: str, pixels: Pixels) -> None:
    """Write one picture; see `picture_path`.

    Raises:
        OutputError: The disk does not take it.
    """
    path = out / picture_path(kind, case)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_picture(path, Picture(pixels))


def save_given(out: Path, case: Case) -> None:
    """Write what a case was given, once, so that the folder can be looked through anywhere."""
    given = zip(GIVEN, (case.content, case.style, case.truth), strict=True)
    for kind, pixels in given:
        if pixels is not None and not (out / picture_path(kind, case.name)).exists():
            save(out, kind, case.name, pixels)
