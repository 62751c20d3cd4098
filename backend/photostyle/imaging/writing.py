"""Results into files: whole or not at all, and refused before the work starts where they cannot be held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photostyle.imaging.deep_writing import write_deep
from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import channels_of
from photostyle.imaging.shallow_writing import write_shallow
from photostyle.imaging.whole_file import check_place, replacing
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import OutputError


@dataclass(frozen=True)
class _Format:
    """What a file format holds: channel counts by type name, and the longest side in pixels.

    Attributes:
        name: For people.
        holds: What.
        longest: Side.
        shallow: Pillow's name for it, and options, where that writes it.
        deep: OpenImageIO's name for it, where that writes it.
    """

    name: str
    holds: dict[str, tuple[int, ...]]
    longest: int
    shallow: tuple[str, dict[str, Any]] | None = None
    deep: str = ""


_ANY, _SOLID = (1, 2, 3, 4), (1, 3)
_PNG = _Format("PNG", {"uint8": _ANY, "uint16": _ANY}, 2**31 - 1, deep="png")
_JPEG = _Format("JPEG", {"uint8": _SOLID}, 65500, deep="jpeg")
_TIFF = _Format("TIFF", dict.fromkeys(("uint8", "uint16", "float16", "float32"), _ANY), 2**31 - 1, deep="tiff")
# `exact` keeps the colours under transparent pixels; more effort takes five times as long for 20 % less.
_WEBP_OPTIONS = {"lossless": True, "exact": True, "quality": 0, "method": 0}
_WEBP = _Format("WebP", {"uint8": (3, 4)}, 16383, ("WEBP", _WEBP_OPTIONS))
_AVIF = _Format("AVIF", {"uint8": (3,)}, 65535, ("AVIF", {"quality": 95, "subsampling": "4:4:4", "speed": 8}))
_EXR = _Format("OpenEXR", {"float16": _ANY, "float32": _ANY}, 2**31 - 1, deep="openexr")
_JXL = _Format("JPEG XL", {"uint8": (1, 3, 4), "uint16": (1, 3, 4)}, 2**30 - 1, deep="jpegxl")

_BY_SUFFIX = {
    ".png": _PNG,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".webp": _WEBP,
    ".avif": _AVIF,
    ".jxl": _JXL,
    ".exr": _EXR,
}


def check_output(path: Path, like: Picture, inputs: Sequence[Path] = ()) -> None:
    """Find out, before the work starts, whether a result like this picture can be written.

    Args:
        path: Where the result should go.
        like: Of the result's size, type, channels and colour space.
        inputs: Files that must not be overwritten.

    Raises:
        OutputError: Unknown suffix, a format that cannot hold the pixels, an input file, or a folder
            that is missing or not writable.
    """
    _check_format(path, like)
    check_place(path, inputs)


def write_picture(path: Path, picture: Picture) -> None:
    """Write a picture with its profile and camera data; the format follows the suffix.

    Every format keeps every bit but two: JPEG and AVIF are written at quality 95 without colour subsampling. A file of
    this name is replaced only when the new one is complete on disk.

    Raises:
        OutputError: The format cannot hold the picture, or the disk does not take it; no part of it is left.
    """
    kind = _check_format(path, picture)
    try:
        with replacing(path) as partial:
            if kind.shallow:
                write_shallow(partial, *kind.shallow, picture)
            else:
                write_deep(partial, kind.deep, picture)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror or error}).", "Choose another folder.") from error


def _check_format(path: Path, picture: Picture) -> _Format:
    suffixes, pixels = ", ".join(_BY_SUFFIX), picture.pixels
    kind = _BY_SUFFIX.get(path.suffix.lower())
    if kind is None:
        ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
        raise OutputError(f"{path.name} {ending}, which names no format.", f"Use one of {suffixes}.")
    if not _holds(kind, pixels):
        raise OutputError(f"{kind.name} cannot hold {_described(pixels)}.", f"Use {_holders(pixels)}.")
    if kind is _EXR and not _is_light(picture):
        raise OutputError("OpenEXR holds linear light, and these pixels have a curve.", "Use .tiff.")
    if max(pixels.shape[:2]) > kind.longest:
        raise OutputError(f"{kind.name} holds at most {kind.longest} pixels a side.", "Use .png or .tiff.")
    return kind


def _holds(kind: _Format, pixels: Pixels) -> bool:
    return channels_of(pixels) in kind.holds.get(pixels.dtype.name, ())


def _is_light(picture: Picture) -> bool:
    return picture.space is not None and all(curve.is_linear for curve in picture.space.curves)


def _described(pixels: Pixels) -> str:
    names = ("grey", "grey with transparency", "colour", "colour with transparency")
    return f"{pixels.dtype.name} {names[channels_of(pixels) - 1]} pixels"


def _holders(pixels: Pixels) -> str:
    return " or ".join(suffix for suffix, kind in _BY_SUFFIX.items() if _holds(kind, pixels)) or "an 8-bit picture"
