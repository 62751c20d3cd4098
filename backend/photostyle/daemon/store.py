"""The image store: pictures by digest, as files that broker and worker share, within a budget."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from photostyle_protocol.connection import private_dir
from photostyle_protocol.errors import BusyError, ProtocolError, ResourceError, UnknownImageError
from photostyle_protocol.images import ImageSpec, check_digest, new_hash

DISK = "disk"
"""Name of the folder inside the store's for large pictures: where that is memory, a link to one that is not."""

LARGE_BYTES = 256 * 2**20
"""A picture over this lies on the disk, if the store has one: the system keeps of it in memory what it has room for."""

HALF_PUTS = 4
"""Pictures that one client may be sending at a time."""

HALF_SECONDS = 60.0
"""A picture of which nothing more came for so long does not keep its room from others."""


PAUSE_SECONDS = 5.0
"""And one that stands still for so long does not keep its client from beginning another."""


@dataclass
class _Half:
    """A picture of which not all bands are here."""

    spec: ImageSpec
    path: Path
    hasher: Any
    grown: float
    received: int = 0


@dataclass
class ImageStore:
    """Pictures in one private folder.

    A picture stays until the room is needed; then the one that was not used for the longest time goes
    first. Pictures of queued and running jobs are pinned, and room for a half-sent picture is reserved as
    a whole.

    Attributes:
        folder: Private folder, emptied at the start.
        budget: Most bytes of all pictures together that are not on the disk.
        disk_budget: Most bytes of those that are; 0 is for a store in which size makes no difference.
        clock: Tells seconds.
    """

    folder: Path
    budget: int
    disk_budget: int = 0
    clock: Callable[[], float] = time.monotonic
    _specs: dict[str, ImageSpec] = field(default_factory=dict)
    _half: dict[tuple[object, str], _Half] = field(default_factory=dict)
    _pins: Counter[str] = field(default_factory=Counter)
    _parts: int = 0

    def __post_init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all pictures, also those of a daemon that died."""
        self._specs.clear()
        self._half.clear()
        for path in self._all_files("*"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    @property
    def nbytes(self) -> int:
        """Bytes held or reserved."""
        return self._held(on_disk=False) + self._held(on_disk=True)

    @property
    def room(self) -> int:
        """Most bytes of everything together."""
        return self.budget + self.disk_budget

    def __len__(self) -> int:
        return len(self._specs)

    def touch(self, digests: Iterable[str]) -> tuple[str, ...]:
        """Those of the digests that are here; they count as used now."""
        found = tuple(name for name in digests if self._is_here(name))
        for name in found:
            self._specs[name] = self._specs.pop(name)
        return found

    def spec(self, name: str) -> ImageSpec:
        """Shape of a picture.

        Raises:
            UnknownImageError: It is not here.
        """
        if not self._is_here(name):
            raise UnknownImageError(f"The image {name[:12]}… is not in the store.", "Send it again.")
        return self._specs[name]

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Bytes `offset` to `offset + length` of a picture, fewer at its end.

        Raises:
            UnknownImageError: It is not here.
            ProtocolError: The range lies outside of it.
        """
        spec = self.spec(name)
        if not 0 <= offset < spec.nbytes or length < 1:
            raise ProtocolError(f"{length} bytes from {offset} lie outside of an image of {spec.nbytes} bytes.")
        self.touch([name])
        with self._path(name, spec).open("rb", buffering=0) as file:
            file.seek(offset)
            return file.read(min(length, spec.nbytes - offset))

    def write(self, owner: object, name: str, spec: ImageSpec, offset: int, pixels: memoryview) -> tuple[int, bool]:
        """Take one band in.

        Returns:
            Bytes that are here now, and whether that is all.

        Raises:
            ProtocolError: The band is not the one that comes next, or the pixels do not have this digest.
            BusyError: There is no room because of pictures in use.
            ResourceError: The picture is larger than the whole store, or the disk is full.
        """
        if self._is_here(name):
            self._drop_half(owner, name)
            return spec.nbytes, True
        half = self._half_for(owner, name, spec, offset)
        if not 0 < len(pixels) <= spec.nbytes - offset:
            raise ProtocolError(f"A band of {len(pixels)} bytes at {offset} does not fit {spec.nbytes} bytes.")
        self._append(owner, name, half, pixels)
        if half.received < spec.nbytes:
            return half.received, False
        self._finish(owner, name, half)
        return spec.nbytes, True

    def adopt(self, name: str, spec: ImageSpec, file_name: str) -> bool:
        """Take in a picture that a worker has written into the folder.

        Returns:
            Whether it was not here before.

        Raises:
            ProtocolError: The file does not have the size of the picture.
        """
        path = place_of(self.folder, spec.nbytes) / Path(file_name).name
        if not path.is_file() or path.stat().st_size != spec.nbytes:
            path.unlink(missing_ok=True)
            raise ProtocolError(f"The worker's result is not a picture of {spec.nbytes} bytes.")
        path.replace(self._path(check_digest(name), spec))
        is_new = self._specs.pop(name, None) is None
        self._evict(spec)
        self._specs[name] = spec
        return is_new

    def remove(self, name: str) -> None:
        """Forget a picture, unless a job needs it."""
        if name in self._specs and name not in self._pins:
            self._path(name, self._specs.pop(name)).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what a worker that died has left half-written."""
        for path in self._all_files("result-*"):
            path.unlink(missing_ok=True)

    def pin(self, digests: Iterable[str]) -> None:
        """Keep pictures until `unpin`; once for each call."""
        self._pins.update(digests)

    def unpin(self, digests: Iterable[str]) -> None:
        """Undo one `pin`."""
        self._pins.subtract(digests)
        self._pins = +self._pins

    def forget_owner(self, owner: object) -> None:
        """Free what a vanished client has sent by halves."""
        for key in [key for key in self._half if key[0] == owner]:
            self._drop_half(*key)

    def _half_for(self, owner: object, name: str, spec: ImageSpec, offset: int) -> _Half:
        if offset == 0:
            self._drop_half(owner, name)
            return self._begin(owner, check_digest(name), spec)
        half = self._half.get((owner, name))
        if half is None or half.spec != spec or half.received != offset:
            expected = half.received if half else 0
            raise ProtocolError(f"A band at {offset} of {name[:12]}… where {expected} comes next.", "Begin at 0 again.")
        return half

    def _begin(self, owner: object, name: str, spec: ImageSpec) -> _Half:
        if self._halves_of(owner) >= HALF_PUTS:
            self._drop_still(PAUSE_SECONDS, owner)
        if self._halves_of(owner) >= HALF_PUTS:
            raise BusyError(f"{HALF_PUTS} images are being sent at the same time already.", "Finish one first.")
        if spec.nbytes > self._budget(spec):
            raise ResourceError(
                f"The image has {spec.nbytes} bytes, but the daemon's store only {self._budget(spec)}.",
                "Start the daemon with a larger store, or scale the picture down.",
            )
        if not self._evict(spec):
            raise BusyError("The daemon's store is full of pictures in use.", "Try again in a moment.")
        self._parts += 1
        half = _Half(spec, place_of(self.folder, spec.nbytes) / f"part-{self._parts}", new_hash(spec), self.clock())
        with self._disk_trouble(owner, name):
            private_dir(self.folder)
            half.path.touch(mode=0o600)
        self._half[owner, name] = half
        return half

    def _append(self, owner: object, name: str, half: _Half, pixels: memoryview) -> None:
        with self._disk_trouble(owner, name), half.path.open("r+b") as file:
            file.seek(half.received)
            file.write(pixels)
        half.hasher.update(pixels)
        half.received += len(pixels)
        half.grown = self.clock()

    @contextlib.contextmanager
    def _disk_trouble(self, owner: object, name: str) -> Iterator[None]:
        """What the disk refuses, in words for people; nothing of the picture is left."""
        try:
            yield
        except OSError as error:
            self._drop_half(owner, name)
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            reason = "has no room left" if full else f"cannot be written ({error.strerror})"
            raise ResourceError(f"The folder of the daemon's store {reason}.", f"See {self.folder}.") from error

    def _finish(self, owner: object, name: str, half: _Half) -> None:
        if half.hasher.hexdigest() != name:
            self._drop_half(owner, name)
            raise ProtocolError(f"The pixels sent as {name[:12]}… have another digest.", "Send the image again.")
        with self._disk_trouble(owner, name):
            half.path.replace(self._path(name, half.spec))
        del self._half[owner, name]
        self._specs[name] = half.spec

    def _drop_half(self, owner: object, name: str) -> None:
        half = self._half.pop((owner, name), None)
        if half:
            half.path.unlink(missing_ok=True)

    def _evict(self, wanted: ImageSpec) -> bool:
        """Make room, oldest first; whether there is enough now."""
        on_disk, most = self._is_on_disk(wanted), self._budget(wanted) - wanted.nbytes
        for name, spec in list(self._specs.items()):
            if self._held(on_disk) <= most:
                return True
            if self._is_on_disk(spec) == on_disk:
                self.remove(name)
        if self._held(on_disk) > most:
            self._drop_still(HALF_SECONDS)
        return self._held(on_disk) <= most

    def _is_on_disk(self, spec: ImageSpec) -> bool:
        return self.disk_budget > 0 and spec.nbytes > LARGE_BYTES

    def _budget(self, spec: ImageSpec) -> int:
        return self.disk_budget if self._is_on_disk(spec) else self.budget

    def _held(self, on_disk: bool) -> int:
        """Bytes held or reserved there."""
        specs = [*self._specs.values(), *(half.spec for half in self._half.values())]
        return sum(spec.nbytes for spec in specs if self._is_on_disk(spec) == on_disk)

    def _path(self, name: str, spec: ImageSpec) -> Path:
        return place_of(self.folder, spec.nbytes) / name

    def _all_files(self, pattern: str) -> list[Path]:
        folders = [folder for folder in (self.folder, self.folder / DISK) if folder.is_dir()]
        return [path for folder in folders for path in folder.glob(pattern) if path.name != DISK]

    def _halves_of(self, owner: object) -> int:
        return sum(key[0] == owner for key in self._half)

    def _drop_still(self, seconds: float, owner: object = None) -> None:
        """Give up pictures, of one client or of all, of which nothing came for so long."""
        limit = self.clock() - seconds
        for key in [key for key, half in self._half.items() if half.grown < limit and owner in (None, key[0])]:
            self._drop_half(*key)

    def _is_here(self, name: str) -> bool:
        """Whether there is such a picture; one whose file somebody else has removed is forgotten."""
        if name in self._specs and not self._path(name, self._specs[name]).exists():
            del self._specs[name]
        return name in self._specs


def place_of(folder: Path, nbytes: int) -> Path:
    """Where in a store's folder a picture of so many bytes lies."""
    disk = folder / DISK
    return disk if nbytes > LARGE_BYTES and disk.is_dir() else folder


def default_budget(folder: Path, most: int = 4 * 2**30) -> int:
    """So many bytes, or half of what is free where that is less."""
    return min(most, shutil.disk_usage(folder).free // 2)


def writable_memory() -> Path | None:
    """The memory-backed folder of the system, if there is one with a gigabyte to spare."""
    shm = Path("/dev/shm")  # noqa: S108 - only a private, checked folder inside is used
    fits = shm.is_dir() and os.access(shm, os.W_OK) and shutil.disk_usage(shm).free >= 2**30
    return shm if fits else None
