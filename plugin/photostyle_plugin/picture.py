"""What an adapter offers: pictures to read and a layer to write, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadImageError
from photostyle_protocol.limits import BAND_BYTES

if TYPE_CHECKING:
    from photostyle_protocol.images import ImageSpec


class Source(Protocol):
    """A picture in the editor; called on the editor's thread only."""

    @property
    def spec(self) -> ImageSpec:
        """Its shape."""

    def rows(self, first: int, count: int) -> bytes | memoryview:
        """The pixels of some rows, `count` × `spec.row_bytes` bytes."""


class Target(Protocol):
    """A layer that is not in the image yet; called on the editor's thread only."""

    def write(self, first: int, count: int, pixels: bytes) -> None:
        """Take in some rows; they come in order."""

    def commit(self) -> None:
        """Put the layer into the image, in one undo step.

        Raises:
            TargetGoneError: The image or the layer below is gone.
        """

    def discard(self) -> None:
        """Let the layer go; the image stays as it was."""


class MemorySource:
    """A picture in memory.

    Args:
        spec: Its shape.
        pixels: `spec.nbytes` contiguous bytes.
    """

    def __init__(self, spec: ImageSpec, pixels: bytes | bytearray | memoryview) -> None:
        self.spec = spec
        self.pixels = pixels

    def rows(self, first: int, count: int) -> memoryview:
        """Some rows; see `Source.rows`."""
        view = memoryview(self.pixels).cast("B")
        return view[first * self.spec.row_bytes : (first + count) * self.spec.row_bytes]


def row_bands(spec: ImageSpec) -> Iterator[tuple[int, int]]:
    """The pieces in which a picture is read and written: (first row, count), at most `BAND_BYTES` or one row."""
    step = max(1, BAND_BYTES // spec.row_bytes)
    for first in range(0, spec.height, step):
        yield first, min(step, spec.height - first)


def read_rows(source: Source, first: int, count: int) -> bytes | memoryview:
    """Some rows of a source, checked.

    Raises:
        BadImageError: The source gave another number of bytes.
    """
    pixels = source.rows(first, count)
    got, wanted = memoryview(pixels).nbytes, count * source.spec.row_bytes
    if got != wanted:
        raise BadImageError(Words.wrong_length.format(got=got, wanted=wanted), Words.unexpected_hint)
    return pixels


def has_content(pixels: bytes | bytearray | memoryview) -> bool:
    """Whether a byte is not 0; for masks."""
    data = bytes(pixels)
    return data.count(0) != len(data)
