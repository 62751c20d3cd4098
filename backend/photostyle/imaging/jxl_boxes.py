"""Camera data in JPEG XL files: boxes before and behind the codestream (ISO/IEC 18181-2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
_FILE_TYPE = b"\0\0\0\x14ftypjxl \0\0\0\0jxl "
_MOST_BYTES = 64 << 20
"""Of metadata in one box."""


def is_container(file: BinaryIO) -> bool:
    """Whether the file begins with the boxes' signature."""
    file.seek(0)
    return file.read(len(_SIGNATURE)) == _SIGNATURE


def read_metadata(path: Path) -> tuple[bytes | None, bytes | None]:
    """The EXIF block and the XMP packet; compressed ones are passed over.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        if not is_container(file):
            return None, None
        boxes = dict(_boxes(file, path.stat().st_size))
    exif = boxes.get(b"Exif", b"")
    # Four bytes say where the TIFF block begins.
    start = 4 + int.from_bytes(exif[:4], "big")
    return exif[start:] or None, boxes.get(b"xml ")


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of the boxes with metadata."""
    position = 0
    while position + 8 <= size:
        file.seek(position)
        length, name = struct.unpack(">I4s", file.read(8))
        head = 8
        if length == 1 and position + 16 <= size:
            (length,), head = struct.unpack(">Q", file.read(8)), 16
        length = length or size - position
        if length < head:
            return
        if name in (b"Exif", b"xml ") and length <= _MOST_BYTES:
            yield name, file.read(length - head)
        position += length


def add_metadata(path: Path, exif: bytes | None, xmp: bytes | None) -> None:
    """Append metadata to a file, and put a naked codestream into a container.

    Raises:
        OSError: The file cannot be written.
    """
    boxes = _box(b"Exif", exif and bytes(4) + exif) + _box(b"xml ", xmp)
    if not boxes:
        return
    with path.open("r+b") as file:
        if not is_container(file):
            file.seek(0)
            codestream = file.read()
            file.seek(0)
            file.write(_SIGNATURE + _FILE_TYPE + _box(b"jxlc", codestream))
        file.seek(0, 2)
        file.write(boxes)


def _box(name: bytes, data: bytes | None) -> bytes:
    return struct.pack(">I4s", 8 + len(data), name) + data if data else b""
