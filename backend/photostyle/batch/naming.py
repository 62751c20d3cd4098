"""What results are called."""

from __future__ import annotations

import os
import string
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from photostyle_protocol.errors import BadInputError, BadOptionError

FIELDS = ("stem", "style", "method", "suffix")
KEPT = "{stem}{suffix}"
WITH_STYLE = "{stem}-{style}{suffix}"


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that cannot name results.

    Args:
        pattern: Such as ``{stem}-{style}.png``; slashes make folders.

    Raises:
        BadOptionError: An unknown field, a name that leaves the folder of results, or no name at all.
    """
    fields = ", ".join(f"{{{field}}}" for field in FIELDS)
    try:
        known = all(
            field is None or (field in FIELDS and not form and not how)
            for _, field, form, how in string.Formatter().parse(pattern)
        )
    except ValueError:
        known = False
    if not known:
        raise BadOptionError(f"--name {pattern} is not understood.", f"The fields are {fields}.")
    if not is_below(PurePosixPath(pattern)):
        raise BadOptionError(f"--name {pattern} leaves the folder of results.", "Begin with a name, not with / or ..")


def is_below(name: PurePosixPath) -> bool:
    """Whether a name stays within the folder that it is added to."""
    windows = Path(name)
    return not name.is_absolute() and not windows.is_absolute() and ".." not in name.parts and bool(name.parts)


def result_name(pattern: str, content: Path, folder: PurePosixPath, style: Path | None, method: str) -> str:
    """The name of one result below the folder of results, with forward slashes.

    Args:
        pattern: A checked one.
        content: The photograph.
        folder: Its own folder, which is kept.
        style: Whose look it gets.
        method: By which method.
    """
    named = pattern.format(
        stem=content.stem, suffix=content.suffix, style=style.stem if style else method, method=method
    )
    return (folder / named).as_posix()


def refuse_clashes(names: Iterable[str], out: Path, inputs: Sequence[Path]) -> None:
    """Find out, before any work starts, whether every result has a place of its own.

    Raises:
        BadInputError: Two results have one name, or a result would overwrite a file that is read.
    """
    read = {os.path.normcase(path.absolute()) for path in inputs}
    seen: set[str] = set()
    for name in names:
        place = os.path.normcase((out / name).absolute())
        if place in seen:
            raise BadInputError(f"Two results would be called {name}.", "Tell them apart with --name; see --help.")
        if place in read:
            raise BadInputError(f"The result {out / name} would overwrite an input.", "Choose another folder.")
        seen.add(place)
