"""A large picture crosses in bands: memory stays bounded."""

from __future__ import annotations

import hashlib

import psutil
import pytest

from photostyle_plugin.inputs import Inputs
from photostyle_plugin.picture import row_bands
from photostyle_plugin.session import Session
from photostyle_plugin.transfer import Transfer
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.limits import BAND_BYTES
from support.editors.backend import Stage

LARGE = ImageSpec(4000, 6000, 4, "float32")
ROW = bytes(range(256)) * (LARGE.row_bytes // 256)


class Generated:
    """24 megapixels of float that are nowhere as a whole; each row is another."""

    spec = LARGE

    def rows(self, first: int, count: int) -> bytes:
        return b"".join(ROW[:-4] + row.to_bytes(4, "little") for row in range(first, first + count))


class Small:
    """A style of one pixel."""

    spec = ImageSpec(1, 1, 3, "uint8")

    def rows(self, first: int, count: int) -> bytes:
        return b"\1\2\3"


class Sink:
    """A layer of which only the digest is kept."""

    def __init__(self) -> None:
        self.hasher = hashlib.sha256()
        self.is_committed = False

    def write(self, first: int, count: int, pixels: bytes) -> None:
        self.hasher.update(pixels)

    def commit(self) -> None:
        self.is_committed = True

    def discard(self) -> None:
        raise AssertionError("nothing went wrong")


@pytest.mark.slow
def test_memory_does_not_grow_with_the_picture(stage: Stage, session: Session) -> None:
    stage.play("steps", count=1)
    sink, process = Sink(), psutil.Process()
    transfer = Transfer(session, Inputs(Generated(), Small()), lambda spec: sink)
    before = most = process.memory_info().rss
    for _ in transfer.steps():
        most = max(most, process.memory_info().rss)
    print({name: round(seconds, 2) for name, seconds in transfer.seconds.items()}, (most - before) >> 20, "MiB")
    expected = hashlib.sha256()
    for first, count in row_bands(LARGE):
        expected.update(Generated().rows(first, count))
    assert sink.is_committed
    assert sink.hasher.digest() == expected.digest()
    # Half of the picture: what is held are a few bands, and what the allocators keep.
    assert most - before < LARGE.nbytes // 2


def test_bands_are_whole_rows() -> None:
    bands = list(row_bands(LARGE))
    assert sum(count for _, count in bands) == LARGE.height
    assert max(count for _, count in bands) * LARGE.row_bytes <= BAND_BYTES
    assert list(row_bands(ImageSpec(2, 10_000_000, 4, "float32"))) == [(0, 1), (1, 1)]
