"""Camera data in JPEG files: what the encoder wrote of its own is replaced."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image

_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_SEGMENT = 65_500
"""Bytes that a segment has for metadata."""

_START, _APP0, _APP1 = b"\xff\xd8", 0xE0, 0xE1


def with_metadata(source: Path, target: BinaryIO, exif: bytes | None, xmp: bytes | None) -> None:
    """Copy a whole JPEG file, with these metadata instead of its own.

    Args:
        source: The file.
        target: Where the copy goes.
        exif: A TIFF block; without the maker's notes, if they are too long for a segment.
        xmp: A packet; left out if it is too long.
    """
    added = _segments(exif, xmp)
    with source.open("rb") as file:
        target.write(file.read(len(_START)))
        while True:
            head = file.read(4)
            marker, length = struct.unpack(">xBH", head)
            if marker not in (_APP0, _APP1):
                break
            body = file.read(length - 2)
            if not body.startswith((_EXIF, _XMP)):
                target.write(head + body)
        target.write(added + head)
        shutil.copyfileobj(file, target, 1 << 20)


def _segments(exif: bytes | None, xmp: bytes | None) -> bytes:
    block = _short(exif)
    parts = [block] if block else []
    parts += [_XMP + xmp] if xmp and len(xmp) < _SEGMENT else []
    return b"".join(struct.pack(">BBH", 0xFF, _APP1, len(part) + 2) + part for part in parts)


def _short(exif: bytes | None) -> bytes | None:
    """What fits into a segment, with its mark: without the maker's notes, if they are too long, or nothing."""
    if exif is None:
        return None
    if len(exif) > _SEGMENT:
        block = Image.Exif()
        block.load(exif)
        block.get_ifd(ExifTags.IFD.Exif).pop(ExifTags.Base.MakerNote, None)
        exif = block.tobytes().removeprefix(_EXIF)
    return _EXIF + exif if len(exif) <= _SEGMENT else None
