"""Photographs from files, upright, at their own precision, or one sentence why not."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from photostyle.imaging.exif import travelling_exif, upright
from photostyle.imaging.modes import refuse_what_would_be_cut, to_readable_mode
from photostyle.imaging.picture import Picture
from photostyle.imaging.profiles import usable_profile
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadImageError, BadInputError, PictureTooLargeError
from photostyle_protocol.limits import PIXELS

MAX_PIXELS = PIXELS
"""Width × height that a file may announce: what the daemon takes, ten times the largest cameras."""

# Pillow reads more, but through programs (EPS), by guessing (TGA) or with depth cut (AVIF, JPEG 2000).
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "PPM")

# Our own check against the header replaces Pillow's, which would warn at 89 megapixels.
Image.MAX_IMAGE_PIXELS = None


def read_picture(path: Path, max_pixels: int = MAX_PIXELS) -> Picture:
    """Read a photograph.

    Turned upright by its EXIF orientation; palette and CMYK become RGB, black-and-white becomes grey, alpha
    is kept to the bit, 16-bit grey stays uint16 and float grey stays float32. An animation gives its
    first frame.

    Args:
        path: A PNG, JPEG, TIFF, WebP, BMP, GIF or PPM file.
        max_pixels: Width × height up to which a file is decoded.

    Raises:
        BadImageError: The file is missing, unreadable, damaged, or no picture that can be held exactly.
        PictureTooLargeError: Its header announces more than `max_pixels`.
    """
    _check_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata; the pixels are checked below
            with Image.open(path, formats=_FORMATS) as image:
                _check_size(path, image, max_pixels)
                refuse_what_would_be_cut(path, image)
                return _decoded(path, image)
    except BadInputError:
        raise
    except UnidentifiedImageError:
        raise BadImageError(
            f"{path} is not a picture that Photostyle reads.",
            "Give a PNG, JPEG, TIFF, WebP, BMP, GIF or PPM file.",
        ) from None
    except MemoryError:
        raise PictureTooLargeError(f"{path} does not fit into memory.", "Give a smaller picture.") from None
    except Exception as error:  # what a damaged file raises inside a decoder is not ours to list
        raise BadImageError(
            f"{path} is damaged or truncated ({_first_line(error)}).", "Save or download it again."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise BadImageError(f"{path} is a folder.", "Give a picture file.")
        if path.exists() and not path.is_file():
            raise BadImageError(f"{path} is not a regular file.", "Give a picture file.")
        with path.open("rb") as file:
            first = file.read(1)
    except FileNotFoundError:
        raise BadImageError(f"{path} does not exist.", "Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadImageError(f"{path} cannot be read ({reason}).", "Check its name and permissions.") from error
    if not first:
        raise BadImageError(f"{path} is empty.", "Save or download it again.")


def _check_size(path: Path, image: Image.Image, max_pixels: int) -> None:
    width, height = image.size
    if width * height > max_pixels:
        raise PictureTooLargeError(
            f"{path} has {width} × {height} pixels, more than the limit of {max_pixels / 1e6:,.0f} megapixels.",
            "Scale it down first.",
        )


def _decoded(path: Path, image: Image.Image) -> Picture:
    profile = image.info.get("icc_profile")
    exif = travelling_exif(image)
    readable, profile = to_readable_mode(path, upright(image), profile)
    pixels = _native(np.asarray(readable))
    if pixels.dtype == np.float32 and not np.isfinite(pixels).all():
        raise BadImageError(f"{path} holds values that are no numbers (NaN or infinity).", "Repair it first.")
    return Picture(pixels, usable_profile(profile, readable.mode), exif)


def _native(pixels: Pixels) -> Pixels:
    """In this machine's byte order; no copy where it already is."""
    return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
