"""From what is typed (files, folders, patterns) to photographs."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from photostyle_protocol.errors import BadInputError

LISTS = frozenset({".csv", ".json"})
"""Files of these endings are lists of work, not photographs."""

_COMMON = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif", ".ppm", ".pgm"}
PICTURES = frozenset({*_COMMON, ".avif", ".jxl", ".exr"})
"""What is taken out of a folder; a file that is named itself may end in anything."""


class Found(NamedTuple):
    """A photograph, and the folder its result has below the folder of results."""

    path: Path
    folder: PurePosixPath


def find_pictures(words: Sequence[str], recursive: bool, without: Path) -> list[Found]:
    """All photographs that are meant, each once, sorted within each word.

    Args:
        words: Files, folders, or patterns with ``*``, ``?``, ``[…]`` and ``**``.
        recursive: Look into the folders of folders, too.
        without: The folder of results; what lies in it is no input, unless it is named itself.

    Raises:
        BadInputError: A word means nothing that is there.
    """
    without = without.absolute()
    found: dict[Path, Found] = {}
    for word in words:
        for picture in _meant(word, recursive, without):
            found.setdefault(picture.path.absolute(), picture)
    return list(found.values())


def _meant(word: str, recursive: bool, without: Path) -> list[Found]:
    path = Path(word).expanduser()
    if path.is_dir():
        if path.absolute() == without:
            raise BadInputError(f"{word} is also the folder of results.", "Results would be taken for photographs.")
        return _in_folder(path, recursive, without)
    if path.exists():
        return [Found(path, PurePosixPath())]
    if not glob.has_magic(word):
        raise BadInputError(f"{word} does not exist.", "Check the name and the folder.")
    base = _fixed_part(path)
    matches = sorted(base.glob(path.relative_to(base).as_posix()))
    apart = _within(without, base)
    pictures = [Found(match, _below(base, match.parent)) for match in matches if _is_picture(match, apart)]
    if not pictures:
        raise BadInputError(f"{word} matches no photograph.", f"Photographs end in {', '.join(sorted(PICTURES))}.")
    return pictures


def _in_folder(folder: Path, recursive: bool, without: Path) -> list[Found]:
    apart = _within(without, folder)
    return [Found(path, _below(folder, path.parent)) for path in _files(folder, recursive) if _is_picture(path, apart)]


def _within(without: Path, base: Path) -> Path | None:
    """The folder of results where a search meets it; one that holds the searched folder hides nothing."""
    return without if base.absolute() in without.parents else None


def _files(folder: Path, recursive: bool) -> Iterator[Path]:
    entries = sorted(folder.iterdir())
    yield from (entry for entry in entries if entry.is_file())
    if recursive:
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith("."):
                yield from _files(entry, recursive)


def _is_picture(path: Path, without: Path | None) -> bool:
    hidden = path.name.startswith(".")  # also what a Mac leaves beside a photograph on other disks: ._name.jpg
    return path.is_file() and not hidden and path.suffix.lower() in PICTURES and without not in path.absolute().parents


def _fixed_part(pattern: Path) -> Path:
    """The folders in front of the first wildcard."""
    parts: list[str] = []
    for part in pattern.parts[:-1]:
        if glob.has_magic(part):
            break
        parts.append(part)
    return Path(*parts)


def _below(base: Path, folder: Path) -> PurePosixPath:
    return PurePosixPath(folder.relative_to(base).as_posix())
