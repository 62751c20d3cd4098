"""Photographs from files, upright, at their own precision, or one sentence why not."""

from __future__ import annotations

import contextlib
import logging
import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from photostyle.imaging import jxl_boxes
from photostyle.imaging.deep_reading import check_memory, check_size, read_deep
from photostyle.imaging.exif import exif_of, travelling_exif, upright
from photostyle.imaging.metadata import Metadata
from photostyle.imaging.modes import is_deep, refuse_what_would_be_cut, to_readable_mode
from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import LARGE
from photostyle.imaging.profiles import described, usable_profile
from photostyle.imaging.tiff_tags import XMP
from photostyle.imaging.xmp import travelling_xmp
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadImageError, BadInputError, PictureTooLargeError
from photostyle_protocol.limits import PIXELS

MAX_PIXELS = PIXELS
"""Width × height that a file may announce: what the daemon takes, ten times the largest cameras."""

# Pillow reads more, but through programs (EPS), by guessing (TGA) or with depth cut (JPEG 2000).
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "PPM", "AVIF")
_EXR, _JXL, _TIFF = (b"v/1\x01",), (b"\xff\x0a", b"\0\0\0\x0cJXL "), (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_PILLOW_BYTES = 4
"""Of a pixel of whatever kind in Pillow's own memory."""

_PIXELS_OF_A_BYTE = 10_000
"""One byte of a file holds no more: deflate packs 1032 bytes of 8 pixels into one, JPEG less."""

_CENTIMETRES = 3
_STRIP_ROWS = 256

# Of what is wrong with a file the person hears in a sentence of ours.
logging.getLogger("PIL").addHandler(logging.NullHandler())

# Our own check against the header replaces Pillow's, which would warn at 89 megapixels.
Image.MAX_IMAGE_PIXELS = None


def read_picture(path: Path, max_pixels: int = MAX_PIXELS) -> Picture:
    """Read a photograph.

    Turned upright by its EXIF orientation; palette and CMYK become RGB, black-and-white becomes grey, alpha
    is kept to the bit, 16-bit numbers stay uint16, floats stay float16 or float32. An animation gives its
    first frame.

    Args:
        path: A PNG, JPEG, TIFF, WebP, AVIF, OpenEXR, JPEG XL, BMP, GIF or PPM file.
        max_pixels: Width × height up to which a file is decoded.

    Raises:
        BadImageError: The file is missing, unreadable, damaged, or no picture that can be held exactly.
        PictureTooLargeError: Its header announces more than `max_pixels`.
    """
    head = _head(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata; the pixels are checked
            return _read(path, head, max_pixels)
    except BadInputError:
        raise
    except UnidentifiedImageError:
        raise BadImageError(
            f"{path} is not a picture that Photostyle reads.",
            "Give a PNG, JPEG, TIFF, WebP, AVIF, OpenEXR, JPEG XL, BMP, GIF or PPM file.",
        ) from None
    except MemoryError:
        raise PictureTooLargeError(f"{path} does not fit into memory.", "Give a smaller picture.") from None
    except Exception as error:  # what a damaged file raises inside a decoder is not ours to list
        raise BadImageError(
            f"{path} is damaged or truncated ({_first_line(error)}).", "Save or download it again."
        ) from error


def _read(path: Path, head: bytes, max_pixels: int) -> Picture:
    if head.startswith(_EXR):
        return read_deep(path, max_pixels, Metadata())
    if head.startswith(_JXL):
        exif, xmp = jxl_boxes.read_metadata(path)
        return read_deep(path, max_pixels, Metadata(_travelling(exif), travelling_xmp(xmp)))
    try:
        image = Image.open(path, formats=_FORMATS)
    except UnidentifiedImageError:
        if head.startswith(_TIFF):  # a kind of pixels that Pillow does not know
            return read_deep(path, max_pixels, _tiff_metadata(path))
        raise
    with image:
        check_size(path, *image.size, max_pixels)
        _check_bytes(path, image)
        refuse_what_would_be_cut(path, image)
        if is_deep(image) or _is_large(image):
            return read_deep(path, max_pixels, _metadata(image))
        check_memory(path, *image.size, _PILLOW_BYTES + len(image.getbands()))
        return _decoded(path, image)


def _is_large(image: Image.Image) -> bool:
    """Whether OpenImageIO reads the same with one copy less; of these formats it does, to the bit."""
    plain = image.format in ("PNG", "JPEG", "TIFF") and image.mode in ("RGB", "RGBA")
    return plain and "transparency" not in image.info and image.width * image.height > LARGE


def _check_bytes(path: Path, image: Image.Image) -> None:
    """Refuse what announces more pixels than its bytes can say anything of, before there is memory for them."""
    if image.format in ("PNG", "JPEG") and image.width * image.height > _PIXELS_OF_A_BYTE * path.stat().st_size:
        raise BadImageError(
            f"{path} is damaged or truncated (it announces {image.width} × {image.height} pixels in "
            f"{path.stat().st_size} bytes).",
            "Save or download it again.",
        )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _head(path: Path) -> bytes:
    """The first bytes of a file that is there and can be read."""
    try:
        if path.is_dir():
            raise BadImageError(f"{path} is a folder.", "Give a picture file.")
        if path.exists() and not path.is_file():
            raise BadImageError(f"{path} is not a regular file.", "Give a picture file.")
        with path.open("rb") as file:
            first = file.read(8)
    except FileNotFoundError:
        raise BadImageError(f"{path} does not exist.", "Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadImageError(f"{path} cannot be read ({reason}).", "Check its name and permissions.") from error
    if not first:
        raise BadImageError(f"{path} is empty.", "Save or download it again.")
    return first


def _decoded(path: Path, image: Image.Image) -> Picture:
    profile = image.info.get("icc_profile")
    metadata = _metadata(image)
    readable, profile = to_readable_mode(path, upright(image), profile)
    profile = usable_profile(profile, readable.mode)
    return Picture(_pixels(readable), profile, metadata, *described(profile))


def _pixels(image: Image.Image) -> Pixels:
    """The pixels in memory of their own; strip by strip, because Pillow would hold them twice on the way."""
    width, height = image.size
    channels = len(image.getbands())
    pixels = np.empty((height, width, channels) if channels > 1 else (height, width), np.uint8)
    for top in range(0, height, _STRIP_ROWS):
        bottom = min(height, top + _STRIP_ROWS)
        pixels[top:bottom] = np.asarray(image.crop((0, top, width, bottom)))
    return pixels


def _metadata(image: Image.Image) -> Metadata:
    resolution = image.info.get("dpi")
    return Metadata(
        travelling_exif(exif_of(image)),
        travelling_xmp(image.info.get("xmp")),
        (float(resolution[0]), float(resolution[1])) if resolution and all(resolution) else None,
    )


def _travelling(exif: bytes | None) -> bytes | None:
    block = Image.Exif()
    with contextlib.suppress(struct.error, SyntaxError):
        block.load(exif or b"")
    return travelling_exif(block)


def _tiff_metadata(path: Path) -> Metadata:
    """Of a file that Pillow does not open: its tags are where EXIF has them, unless it is a BigTIFF."""
    block = Image.Exif()
    with path.open("rb") as file, contextlib.suppress(struct.error, SyntaxError):
        block.load_from_fp(file)
        return Metadata(travelling_exif(block), travelling_xmp(block.get(XMP)), _resolution(block))
    return Metadata()


def _resolution(tags: Image.Exif) -> tuple[float, float] | None:
    across, down = (float(tags.get(tag, 0)) for tag in (ExifTags.Base.XResolution, ExifTags.Base.YResolution))
    inches = 2.54 if tags.get(ExifTags.Base.ResolutionUnit) == _CENTIMETRES else 1.0
    return (across * inches, down * inches) if across and down else None
