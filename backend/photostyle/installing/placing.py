"""Puts files into a profile and takes them out again, touching nothing that is a person's own."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from photostyle.installing import receipt
from photostyle.installing.receipt import Receipt, read_receipt
from photostyle_protocol.errors import OutputError

_ASIDE = ".yours"
_CACHE = "__pycache__"


@dataclass(frozen=True)
class Parcel:
    """What is put into a profile.

    Attributes:
        home: The plug-in's folder below the profile; the receipt lies in it.
        files: Path below the profile and content.
        main: The file that GIMP starts: put in place last, executable, and always anew when anything is, because GIMP
            looks at the time of this file alone to see that a plug-in has changed. Krita has no such file.
    """

    home: str
    files: Mapping[str, bytes]
    main: str = ""

    @property
    def receipt_path(self) -> str:
        """Where the receipt goes."""
        return f"{self.home}/{receipt.NAME}"


@dataclass(frozen=True)
class Change:
    """What was done to a profile.

    Attributes:
        written: Files that are new or have another content now.
        removed: Files that are gone.
        kept: Files of the person's that were in the way, or in our folder; as they are called now.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def place(root: Path, parcel: Parcel, version: str) -> Change:
    """Put a parcel into a profile, in place of what an earlier version put there.

    Raises:
        OutputError: A folder is a link, or the disk says no.
    """
    _refuse_links(root, parcel)
    old = read_receipt(root / parcel.receipt_path) or Receipt("")
    new = Receipt.of(version, parcel.files)
    with _told(root):
        _write(root / parcel.receipt_path, new.joined_with(old).to_json())
        stale = [path for path in parcel.files if not new.is_ours(root, path) or not _mode_is_right(root, parcel, path)]
        if stale and parcel.main:
            stale = [*(path for path in stale if path != parcel.main), parcel.main]
        kept = [_keep(root, path) for path in stale if _is_in_the_way(root, path, old, new)]
        for path in stale:
            _write(root / path, parcel.files[path], executable=path == parcel.main)
        removed, left = _remove(root, old, [path for path in old.files if path not in parcel.files])
        _write(root / parcel.receipt_path, new.to_json())
    return Change(tuple(stale), tuple(removed), (*kept, *left))


def take_away(root: Path, home: str) -> Change:
    """Take out what was put in and is unchanged.

    Raises:
        OutputError: The disk says no.
    """
    path = f"{home}/{receipt.NAME}"
    old = read_receipt(root / path)
    if old is None:
        return Change()
    with _told(root):
        removed, _ = _remove(root, old, old.files)
        (root / path).unlink()
        _remove_empty_folders(root, [path])
    return Change(removed=tuple(removed), kept=tuple(foreign_files(root, home, old)))


def foreign_files(root: Path, home: str, known: Receipt) -> list[str]:
    """Files in the plug-in's folder, or of its names beside it, that are not as they were installed."""
    inside = (path for path in (root / home).rglob("*") if path.is_file() and path.parent.name != _CACHE)
    names = {path.relative_to(root).as_posix() for path in inside} | {*known.files}
    names.discard(f"{home}/{receipt.NAME}")
    return sorted(name for name in names if (root / name).exists() and not known.is_ours(root, name))


def is_executable(file: Path) -> bool:
    """Whether the system would start the file; on Windows its name decides."""
    return os.name == "nt" or os.access(file, os.X_OK)


def _mode_is_right(root: Path, parcel: Parcel, path: str) -> bool:
    return path != parcel.main or is_executable(root / path)


def _refuse_links(root: Path, parcel: Parcel) -> None:
    """A person who works on the plug-in links its folder in; writing there would write into their sources."""
    folders = {folder for path in parcel.files for folder in PurePosixPath(path).parents if folder.parts}
    for folder in sorted(folders):
        if (root / folder).is_symlink():
            raise OutputError(f"{root / folder} is a link.", "Remove the link first; what it leads to stays.")


def _is_in_the_way(root: Path, path: str, old: Receipt, new: Receipt) -> bool:
    file = root / path
    return (file.exists() or file.is_symlink()) and not (old.is_ours(root, path) or new.is_ours(root, path))


def _keep(root: Path, path: str) -> str:
    """Move a file that is the person's aside."""
    aside = next(name for name in _names_aside(path) if not os.path.lexists(root / name))
    (root / path).rename(root / aside)
    return aside


def _names_aside(path: str) -> Iterator[str]:
    yield path + _ASIDE
    number = 2
    while True:
        yield f"{path}{_ASIDE}-{number}"
        number += 1


def _write(file: Path, data: bytes, *, executable: bool = False) -> None:
    """Put a whole file in place, so that an editor that starts now never sees half of one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".photostyle-")
    try:
        with os.fdopen(handle, "wb") as writer:
            writer.write(data)
        Path(name).chmod(0o755 if executable else 0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink()
        raise


def _remove(root: Path, known: Receipt, paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Remove files that are unchanged, what Python made of them, and the folders that this empties."""
    wanted = sorted(paths)
    removed = [path for path in wanted if known.is_ours(root, path)]
    for path in removed:
        (root / path).unlink()
        _remove_compiled(root / path)
    _remove_empty_folders(root, removed)
    return removed, [path for path in wanted if os.path.lexists(root / path)]


def _remove_compiled(source: Path) -> None:
    for compiled in (source.parent / _CACHE).glob(f"{source.stem}.*.pyc"):
        compiled.unlink()
    with contextlib.suppress(OSError):
        (source.parent / _CACHE).rmdir()


def _remove_empty_folders(root: Path, paths: Iterable[str]) -> None:
    """Only those below ``plug-ins`` or ``pykrita``, which are the editor's."""
    folders = {folder for path in paths for folder in PurePosixPath(path).parents if len(folder.parts) > 1}
    for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
        with contextlib.suppress(OSError):
            (root / folder).rmdir()


@contextlib.contextmanager
def _told(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{root} cannot be changed: {error}.", "May you write there, and is there room?") from error
