"""Files are written whole or not at all, and refused before the work starts where they cannot be."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from photostyle_protocol.errors import OutputError


def check_place(path: Path, inputs: Sequence[Path] = (), suffix: str | None = None) -> None:
    """Find out, before the work starts, whether a file can be written.

    Args:
        path: Where it should go.
        inputs: Files that must not be overwritten.
        suffix: What its name has to end in; ``None`` where that is checked elsewhere.

    Raises:
        OutputError: Another ending, an input file, or a folder that is missing or not writable.
    """
    if suffix is not None and path.suffix.lower() != suffix:
        raise OutputError(f"{path.name} does not end in {suffix}.", f"Give it a name that ends in {suffix}.")
    for source in inputs:
        if path.exists() and source.exists() and path.samefile(source):
            raise OutputError(f"{path} is one of the input pictures.", "Choose another name for the result.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", "Give a file name for the result.")
    _try_folder(path)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A place for the new file, which takes the old one's when it is complete on disk."""
    target = path.resolve()
    partial = _partial(target)
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file.

    Raises:
        OutputError: The disk does not take it; no part of it is left.
    """
    try:
        with replacing(path) as partial:
            partial.write_bytes(data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}).", "Choose another folder.") from error


def _partial(path: Path) -> Path:
    return path.with_name(f".photostyle-{secrets.token_hex(6)}.part")


def _try_folder(path: Path) -> None:
    """Really create a file: permissions, read-only mounts and missing folders all show up only then."""
    partial = _partial(path.resolve())
    try:
        partial.open("xb").close()
        partial.unlink()
    except OSError as error:
        raise OutputError(
            f"The folder {path.parent} cannot be written to ({error.strerror}).", "Choose another folder."
        ) from error
