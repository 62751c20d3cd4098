"""Pictures of eight bits into files, through Pillow."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from photostyle.imaging.metadata import Metadata
from photostyle.imaging.picture import Picture
from photostyle.imaging.tiff_tags import XMP
from photostyle.stylize.task import Pixels

_MARK = b"Exif\0\0"
SEGMENT = 65_500
"""Bytes that a segment of a JPEG file has for metadata."""


def encoded(name: str, options: Mapping[str, Any], picture: Picture) -> memoryview:
    """The file in memory, so that a full disk meets a plain write and not an encoder.

    Args:
        name: Pillow's name of the format.
        options: For its encoder.
        picture: Of eight bits.
    """
    buffer = io.BytesIO()
    extras = {"icc_profile": picture.icc_profile, **_extras(name, picture.metadata)}
    image = Image.fromarray(np.ascontiguousarray(_squeezed(picture.pixels)))
    image.save(buffer, name, **options, **{key: value for key, value in extras.items() if value})
    return buffer.getbuffer()


def _extras(name: str, metadata: Metadata) -> dict[str, Any]:
    extras: dict[str, Any] = {"exif": metadata.exif, "dpi": metadata.resolution}
    if name == "PNG":
        extras["pnginfo"] = _png_info(metadata)
    elif name == "TIFF":
        extras["tiffinfo"] = {XMP: metadata.xmp} if metadata.xmp else None
    elif name == "JPEG":
        extras["exif"] = exif_segment(metadata.exif)
        extras["xmp"] = metadata.xmp if metadata.xmp and len(metadata.xmp) < SEGMENT else None
    else:
        extras["xmp"] = metadata.xmp
    return extras


def _png_info(metadata: Metadata) -> PngInfo | None:
    if not metadata.xmp:
        return None
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", metadata.xmp.decode("utf-8", "replace"))
    return info


def exif_segment(exif: bytes | None) -> bytes | None:
    """What fits into a segment, with JPEG's mark: without the maker's notes, if they are too long, or nothing."""
    if exif is None:
        return None
    if len(exif) > SEGMENT:
        block = Image.Exif()
        block.load(exif)
        block.get_ifd(ExifTags.IFD.Exif).pop(ExifTags.Base.MakerNote, None)
        exif = block.tobytes().removeprefix(_MARK)
    return _MARK + exif if len(exif) <= SEGMENT else None


def _squeezed(pixels: Pixels) -> Pixels:
    """(H, W) for one channel, which is how Pillow wants grey."""
    return pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels
