"""Results into files: whole or not at all, and refused before the work starts where they cannot be held."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import channels_of
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import OutputError


@dataclass(frozen=True)
class _Format:
    """What a file format holds: channel counts by type name, and the longest side in pixels."""

    name: str
    holds: dict[str, tuple[int, ...]]
    longest: int
    options: dict[str, Any] = field(default_factory=dict)


# Measured on 24 megapixels: a sixth of the default level's time for 15 % larger files.
_PNG = _Format("PNG", {"uint8": (1, 2, 3, 4), "uint16": (1,)}, 2**31 - 1, {"compress_level": 2})
_JPEG = _Format("JPEG", {"uint8": (1, 3)}, 65500, {"quality": 95, "subsampling": 0})
# Not compressed: libtiff, which would do it, cannot write the camera's part of EXIF.
_TIFF = _Format("TIFF", {"uint8": (1, 2, 3, 4), "uint16": (1,), "float32": (1,)}, 2**31 - 1)
# `exact` keeps the colours under transparent pixels; more effort takes five times as long for 20 % less.
_WEBP = _Format("WEBP", {"uint8": (3, 4)}, 16383, {"lossless": True, "exact": True, "quality": 0, "method": 0})

_BY_SUFFIX = {".png": _PNG, ".jpg": _JPEG, ".jpeg": _JPEG, ".tif": _TIFF, ".tiff": _TIFF, ".webp": _WEBP}


def check_output(path: Path, like: Pixels, inputs: Sequence[Path] = ()) -> None:
    """Find out, before the work starts, whether a result like these pixels can be written.

    Args:
        path: Where the result should go.
        like: Pixels of the result's size, type and channels.
        inputs: Files that must not be overwritten.

    Raises:
        OutputError: Unknown suffix, a format that cannot hold the pixels, an input file, or a folder
            that is missing or not writable.
    """
    _check_format(path, like)
    for source in inputs:
        if path.exists() and source.exists() and path.samefile(source):
            raise OutputError(f"{path} is one of the input pictures.", "Choose another name for the result.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", "Give a file name for the result.")
    _try_folder(path)


def write_picture(path: Path, picture: Picture) -> None:
    """Write a picture with its profile and camera data; the format follows the suffix.

    PNG, TIFF and WebP keep every bit; JPEG is written at quality 95 without colour subsampling. A file of
    this name is replaced only when the new one is complete on disk.

    Raises:
        OutputError: The format cannot hold the picture, or the disk does not take it; no part of it is left.
    """
    kind = _check_format(path, picture.pixels)
    data = _encoded(kind, picture)
    try:
        _replace(path.resolve(), data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}).", "Choose another folder.") from error


def _check_format(path: Path, pixels: Pixels) -> _Format:
    suffixes = ", ".join(_BY_SUFFIX)
    kind = _BY_SUFFIX.get(path.suffix.lower())
    if kind is None:
        ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
        raise OutputError(f"{path.name} {ending}, which names no format.", f"Use one of {suffixes}.")
    if channels_of(pixels) not in kind.holds.get(pixels.dtype.name, ()):
        raise OutputError(f"{kind.name} cannot hold {_described(pixels)}.", f"Use {_holders(pixels)}.")
    if max(pixels.shape[:2]) > kind.longest:
        raise OutputError(f"{kind.name} holds at most {kind.longest} pixels a side.", "Use .png or .tiff.")
    return kind


def _described(pixels: Pixels) -> str:
    names = ("grey", "grey with transparency", "colour", "colour with transparency")
    return f"{pixels.dtype.name} {names[channels_of(pixels) - 1]} pixels"


def _holders(pixels: Pixels) -> str:
    fits = [s for s, k in _BY_SUFFIX.items() if channels_of(pixels) in k.holds.get(pixels.dtype.name, ())]
    return " or ".join(fits) or "an 8-bit picture"


def _encoded(kind: _Format, picture: Picture) -> memoryview:
    """The file in memory, so that a full disk meets a plain write and not an encoder."""
    buffer = io.BytesIO()
    extras = {"icc_profile": picture.icc_profile, "exif": picture.exif}
    image = Image.fromarray(np.ascontiguousarray(_squeezed(picture.pixels)))
    image.save(buffer, kind.name, **kind.options, **{key: value for key, value in extras.items() if value})
    return buffer.getbuffer()


def _squeezed(pixels: Pixels) -> Pixels:
    """(H, W) for one channel, which is how Pillow wants grey."""
    return pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels


def _partial(path: Path) -> Path:
    return path.with_name(f".photostyle-{secrets.token_hex(6)}.part")


def _replace(path: Path, data: memoryview) -> None:
    partial = _partial(path)
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _try_folder(path: Path) -> None:
    """Really create a file: permissions, read-only mounts and missing folders all show up only then."""
    partial = _partial(path.resolve())
    try:
        partial.open("xb").close()
        partial.unlink()
    except OSError as error:
        raise OutputError(
            f"The folder {path.parent} cannot be written to ({error.strerror}).", "Choose another folder."
        ) from error
