"""Camera data in TIFF files: the encoder's directory of tags is written anew, with more in it."""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

XMP = 700
_DIRECTORIES = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
_OF_THE_FILE = (ExifTags.Base.XResolution, ExifTags.Base.YResolution, ExifTags.Base.ResolutionUnit)
_BIG = 43


def add_metadata(path: Path, exif: bytes | None, xmp: bytes | None) -> None:
    """Add to a TIFF file with one picture; the old directory stays as a few dead bytes.

    Raises:
        OSError: The file cannot be written.
    """
    if not exif and not xmp:
        return
    with path.open("r+b") as file:
        head = file.read(16)
        order = "<" if head[:2] == b"II" else ">"
        directory = ImageFileDirectory_v2(head)
        file.seek(directory.next)
        directory.load(file)
        for tag, value in _tags(exif, xmp).items():
            directory[tag] = value
        file.seek(0, 2)
        # Directories begin at even places.
        start = file.seek(file.tell() % 2, 1)
        file.write(directory.tobytes(start))
        is_big = struct.unpack_from(order + "H", head, 2)[0] == _BIG
        file.seek(8 if is_big else 4)
        file.write(struct.pack(order + ("Q" if is_big else "I"), start))


def _tags(exif: bytes | None, xmp: bytes | None) -> dict[int, object]:
    tags: dict[int, object] = {XMP: xmp} if xmp else {}
    if exif:
        block = Image.Exif()
        block.load(exif)
        tags |= {tag: value for tag, value in block.items() if tag not in (*_DIRECTORIES, *_OF_THE_FILE)}
        tags |= {tag: values for tag in _DIRECTORIES if (values := block.get_ifd(tag))}
    return tags
