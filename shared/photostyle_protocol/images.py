"""What a picture is on the wire: a shape, a pixel type and its bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Iterator, Tuple

from photostyle_protocol.errors import BadImageError, PictureTooLargeError, ProtocolError
from photostyle_protocol.limits import BAND_BYTES, PIXELS

DTYPE_BYTES = {"uint8": 1, "uint16": 2, "float16": 2, "float32": 4}
CHANNELS = (1, 2, 3, 4)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ImageSpec:
    """Shape and type of a picture: rows from the top, channels interleaved, little-endian, no padding.

    Attributes:
        height: Rows, at least 1.
        width: Columns, at least 1; height times width is at most 2**30.
        channels: 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA.
        dtype: ``uint8``, ``uint16``, ``float16`` or ``float32``.

    Raises:
        BadImageError: A value is out of its range.
        PictureTooLargeError: There are more pixels than the limit.
    """

    height: int
    width: int
    channels: int
    dtype: str

    def __post_init__(self) -> None:
        if self.height < 1 or self.width < 1:
            raise BadImageError(f"A picture of {self.width} × {self.height} pixels has no pixels.")
        if self.channels not in CHANNELS:
            raise BadImageError(f"A picture cannot have {self.channels} channels, only 1 to 4.")
        if self.dtype not in DTYPE_BYTES:
            raise BadImageError(f"Pixels of type {self.dtype!r} are unknown; use one of {', '.join(DTYPE_BYTES)}.")
        if self.height * self.width > PIXELS:
            raise PictureTooLargeError(
                f"{self.width} × {self.height} pixels are more than the limit of {PIXELS}.",
                "Scale the picture down.",
            )

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return self.width * self.channels * DTYPE_BYTES[self.dtype]

    @property
    def nbytes(self) -> int:
        """Bytes of the whole picture."""
        return self.height * self.row_bytes


def new_hash(spec: ImageSpec) -> Any:
    """A SHA-256 that has already taken the shape and waits for the pixels."""
    head = f"photostyle image {spec.height} {spec.width} {spec.channels} {spec.dtype}\n"
    return hashlib.sha256(head.encode("ascii"))


def flat(spec: ImageSpec, buffer: Any) -> memoryview:
    """The bytes of a picture as a flat view.

    Args:
        spec: What the bytes should be.
        buffer: Anything contiguous with the buffer protocol: bytes, memoryview, a numpy array.

    Raises:
        BadImageError: The number of bytes does not fit the shape.
    """
    view = memoryview(buffer).cast("B")
    if view.nbytes != spec.nbytes:
        raise BadImageError(f"A picture of {spec} needs {spec.nbytes} bytes, but there are {view.nbytes}.")
    return view


def digest(spec: ImageSpec, buffer: Any) -> str:
    """The name of a picture: SHA-256 over shape and pixels, 64 hexadecimal digits.

    Raises:
        BadImageError: The number of bytes does not fit the shape.
    """
    hasher = new_hash(spec)
    hasher.update(flat(spec, buffer))
    return str(hasher.hexdigest())


def check_digest(text: str) -> str:
    """The same text, if it has the form of a digest.

    Raises:
        ProtocolError: It has not.
    """
    if not _DIGEST.fullmatch(text):
        raise ProtocolError(f"{text[:80]!r} is no digest; a digest is 64 hexadecimal digits.")
    return text


def bands(spec: ImageSpec) -> Iterator[Tuple[int, int]]:
    """The pieces in which a picture crosses the wire, as (offset, length) in bytes, in order.

    A piece is as many whole rows as fit in `BAND_BYTES`. A row that is larger than that is cut, so that no
    picture is too wide to be sent.
    """
    step = BAND_BYTES // spec.row_bytes * spec.row_bytes or BAND_BYTES
    for offset in range(0, spec.nbytes, step):
        yield offset, min(step, spec.nbytes - offset)
