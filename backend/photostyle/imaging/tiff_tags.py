"""Camera data in TIFF files: the encoder's directory of tags is written anew, with more in it."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from photostyle.imaging.exif import raw_text

XMP = 700
NO_TIME = "0000:00:00 00:00:00"
_DIRECTORIES = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
_OF_THE_FILE = (ExifTags.Base.XResolution, ExifTags.Base.YResolution, ExifTags.Base.ResolutionUnit)
_BIG = 43


class _Layout(NamedTuple):
    """Formats of the length of a directory and of a place, bytes of an entry, where the first place is."""

    order: str
    length: str
    place: str
    entry: int
    first: int

    @classmethod
    def of(cls, head: bytes) -> _Layout:
        order = "<" if head[:2] == b"II" else ">"
        if struct.unpack_from(order + "H", head, 2)[0] == _BIG:
            return cls(order, order + "Q", order + "Q", 20, 8)
        return cls(order, order + "H", order + "I", 12, 4)

    def entries(self, directory: bytes) -> dict[int, bytes]:
        """The entries of a directory by tag."""
        (count,) = struct.unpack_from(self.length, directory)
        start = struct.calcsize(self.length)
        places = range(start, start + count * self.entry, self.entry)
        raw = (directory[place : place + self.entry] for place in places)
        return {struct.unpack_from(self.order + "H", entry)[0]: entry for entry in raw}


def add_metadata(path: Path, exif: bytes | None, xmp: bytes | None) -> None:
    """Add to a TIFF file with one picture, and take `NO_TIME` away; the old directory stays as a few dead bytes.

    Raises:
        OSError: The file cannot be written.
    """
    with path.open("r+b") as file:
        head = file.read(16)
        layout = _Layout.of(head)
        (old,) = struct.unpack_from(layout.place, head, layout.first)
        file.seek(old)
        entries = layout.entries(file.read(1 << 16))
        entries.pop(ExifTags.Base.DateTime, None)
        place = _end(file)
        added = _directory(head, exif, xmp).tobytes(place)
        file.write(added)
        entries |= layout.entries(added)
        new = _end(file)
        file.write(struct.pack(layout.length, len(entries)))
        file.write(b"".join(entry for _, entry in sorted(entries.items())) + struct.pack(layout.place, 0))
        file.seek(layout.first)
        file.write(struct.pack(layout.place, new))


def _end(file: BinaryIO) -> int:
    """The next even place behind everything, where directories begin."""
    end = file.seek(0, 2)
    file.write(bytes(end % 2))
    return file.tell()


def _directory(head: bytes, exif: bytes | None, xmp: bytes | None) -> ImageFileDirectory_v2:
    """A directory of its own with what is to be added."""
    directory = ImageFileDirectory_v2(head if head[2:4] in (b"+\0", b"\0+") else head[:8])
    if xmp:
        directory[XMP] = xmp
    if exif:
        block = Image.Exif()
        block.load(exif)
        for tag, value in block.items():
            if tag not in (*_DIRECTORIES, *_OF_THE_FILE):
                directory[tag] = raw_text(value)
        for tag in _DIRECTORIES:
            if values := block.get_ifd(tag):
                directory[tag] = values
    return directory
