"""Camera data in PNG files: what the encoder wrote of its own is replaced."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import BinaryIO

_SIGNATURE_BYTES = 8
_PART_BYTES = 1 << 20
_REPLACED = (b"eXIf", b"iTXt", b"tEXt", b"tIME", b"oFFs")


def with_metadata(source: Path, target: BinaryIO, exif: bytes | None, xmp: bytes | None) -> None:
    """Copy a whole PNG file, with these metadata instead of its own.

    Args:
        source: The file.
        target: Where the copy goes.
        exif: A TIFF block.
        xmp: A packet.
    """
    # Before the pixels, because some readers stop there.
    added = _chunks(exif, xmp)
    with source.open("rb") as file:
        target.write(file.read(_SIGNATURE_BYTES))
        while head := file.read(8):
            length, name = struct.unpack(">I4s", head)
            if name in _REPLACED:
                file.seek(length + 4, 1)
                continue
            if name == b"IDAT":
                target.write(added)
                added = b""
            target.write(head)
            _copy(file, target, length + 4)


def _chunks(exif: bytes | None, xmp: bytes | None) -> bytes:
    parts = []
    if xmp:
        parts.append(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    if exif:
        parts.append(_chunk(b"eXIf", exif))
    return b"".join(parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _copy(source: BinaryIO, target: BinaryIO, length: int) -> None:
    while length and (part := source.read(min(length, _PART_BYTES))):
        target.write(part)
        length -= len(part)
