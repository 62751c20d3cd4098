"""The manifest: a line of JSON for each finished job, on disk before the next one is believed done."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from photostyle.batch.leftovers import leftovers, remove_files
from photostyle.batch.record import Done, Record, done_in
from photostyle.batch.shard import Shard
from photostyle.imaging.output_folder import make_folder
from photostyle_protocol.errors import OutputError
from photostyle_protocol.file_lock import lock

_STEM = "photostyle-batch"
_HELD = (BlockingIOError, PermissionError)
"""What trying a lock raises that another process has; anything else is a disk without locks."""


def manifest_path(out: Path, shard: Shard | None) -> Path:
    """The manifest of a batch, or of one shard: shards share a folder of results, but no file."""
    part = "" if shard is None else f".{shard.index}-of-{shard.count}"
    return out / f"{_STEM}{part}.jsonl"


def done_before(out: Path) -> dict[str, list[Done]]:
    """What all manifests of a folder say is done, by job."""
    found: defaultdict[str, list[Done]] = defaultdict(list)
    for path in _manifests(out):
        with path.open(encoding="utf-8", errors="replace") as file:
            for job, done in filter(None, map(done_in, file)):
                found[job].append(done)
    return dict(found)


class Manifest:
    """A manifest that is written to, by this process alone; use it as a context manager.

    Args:
        path: See `manifest_path`.

    Raises:
        OutputError: It cannot be written, or another batch writes it.
    """

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        try:
            self._file = path.open("ab+")
        except OSError as error:
            raise OutputError(f"{path} cannot be written ({error.strerror}).", "Choose another folder.") from error
        self._path = path
        if not _take(self._file.fileno()):
            self._file.close()
            raise OutputError(
                f"Another batch writes into {path.parent}.", "Wait for it, or give each a part: --shard 1/2, 2/2."
            )
        self._end_torn_line()

    def __enter__(self) -> Manifest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, record: Record) -> None:
        """Write a line; it is on the disk when this returns.

        Raises:
            OutputError: The disk does not take it.
        """
        try:
            self._file.write(record.line().encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written ({error.strerror}).", "Is the disk full?") from error

    def clean(self) -> None:
        """Remove what killed batches left unfinished, unless another shard is at work in the same folder."""
        found = leftovers(self._path.parent)  # listed before looking: what a shard begins from now on is not in it
        if found and not any(_is_held(path) for path in _manifests(self._path.parent) if path != self._path):
            remove_files(found)

    def _end_torn_line(self) -> None:
        """A run that was killed while writing left part of a line; the next one must not continue it."""
        if self._file.seek(0, os.SEEK_END):
            self._file.seek(-1, os.SEEK_END)
            if self._file.read(1) != b"\n":
                self._file.write(b"\n")


def _manifests(out: Path) -> Iterator[Path]:
    yield from sorted(out.glob(f"{_STEM}*.jsonl"))


def _take(file: int) -> bool:
    try:
        lock(file)
    except _HELD:
        return False
    except OSError:
        return True
    return True


def _is_held(path: Path) -> bool:
    with path.open("rb+") as file:
        return not _take(file.fileno())
