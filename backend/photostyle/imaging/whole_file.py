"""Small files that are no pictures: whole or not at all, and refused before the work starts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from photostyle_protocol.errors import OutputError


def check_place(path: Path, suffix: str, inputs: Sequence[Path] = ()) -> None:
    """Find out, before the work starts, whether a file can be written.

    Args:
        path: Where it should go.
        suffix: What its name has to end in.
        inputs: Files that must not be overwritten.

    Raises:
        OutputError: Another ending, an input file, or a folder that is missing or not writable.
    """
    if path.suffix.lower() != suffix:
        raise OutputError(f"{path.name} does not end in {suffix}.", f"Give it a name that ends in {suffix}.")
    for source in inputs:
        if path.exists() and source.exists() and path.samefile(source):
            raise OutputError(f"{path} is one of the files that are read.", "Choose another name for the result.")
    if path.is_dir() or not os.access(path.resolve().parent, os.W_OK):
        raise OutputError(f"{path} cannot be written.", "Choose a file in a folder that exists and can be written to.")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file; one of this name is replaced only when the new one is complete on disk.

    Raises:
        OutputError: The disk does not take it; no part of it is left.
    """
    target = path.resolve()
    partial = target.with_name(f".photostyle-{secrets.token_hex(6)}.part")
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written ({error.strerror}).", "Choose another folder.") from error
