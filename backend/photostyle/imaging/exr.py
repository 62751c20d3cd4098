"""OpenEXR: what is special about its pictures of light."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from photostyle.imaging.exif import travelling_exif
from photostyle.imaging.metadata import Metadata
from photostyle.imaging.primaries import SRGB, colorants, to_srgb
from photostyle.imaging.xmp import travelling_xmp
from photostyle_protocol.color_space import IDENTITY, LINEAR_LIGHT, ColorSpace
from photostyle_protocol.errors import BadImageError, ProtocolError

if TYPE_CHECKING:
    import OpenImageIO

_PICTURES = ({"Y"}, {"Y", "A"}, {"R", "G", "B"}, {"R", "G", "B", "A"})
_LOSSLESS = ("none", "rle", "zip", "zips", "piz")
_ALIKE = 1e-3

_IN_EXIF = {
    "Make": (None, ExifTags.Base.Make),
    "Model": (None, ExifTags.Base.Model),
    "ImageDescription": (None, ExifTags.Base.ImageDescription),
    "Artist": (None, ExifTags.Base.Artist),
    "Copyright": (None, ExifTags.Base.Copyright),
    "DateTime": (None, ExifTags.Base.DateTime),
    "ExposureTime": (ExifTags.IFD.Exif, ExifTags.Base.ExposureTime),
    "FNumber": (ExifTags.IFD.Exif, ExifTags.Base.FNumber),
    "Exif:ISOSpeedRatings": (ExifTags.IFD.Exif, ExifTags.Base.ISOSpeedRatings),
    "Exif:FocalLength": (ExifTags.IFD.Exif, ExifTags.Base.FocalLength),
    "Exif:DateTimeOriginal": (ExifTags.IFD.Exif, ExifTags.Base.DateTimeOriginal),
}
"""The attributes that OpenImageIO writes, and where EXIF has the same."""


def check_exr(path: Path, source: OpenImageIO.ImageInput, spec: OpenImageIO.ImageSpec) -> None:
    """Refuse what is no photograph, or more than one.

    Raises:
        BadImageError: Several parts, deep pixels, or other channels than grey or RGB with perhaps alpha.
    """
    if spec.deep:
        raise _refusal(path, "deep pixels", "Flatten it first.")
    names = {name.upper() for name in spec.channelnames}
    if names not in _PICTURES or len(names) != spec.nchannels:
        listed = ", ".join(spec.channelnames[:8])
        raise _refusal(path, f"the channels {listed}", "Save R, G, B and perhaps A, or Y, in a file of their own.")
    if source.seek_subimage(1, 0):
        raise _refusal(path, "several parts", "Save the part that is meant in a file of its own.")
    # There is no second part, which counts as an error until it is asked for.
    source.geterror()
    source.seek_subimage(0, 0)


def _refusal(path: Path, what: str, hint: str) -> BadImageError:
    return BadImageError(f"{path} holds {what}, which Photostyle does not read.", hint)


def exr_space(path: Path, spec: OpenImageIO.ImageSpec) -> ColorSpace:
    """Linear light in the primaries that the file names; Rec. 709's if it names none.

    Raises:
        BadImageError: They are no primaries.
    """
    named = spec.getattribute("chromaticities")
    if named is None or len(named) != 8:
        return LINEAR_LIGHT
    try:
        matrix = to_srgb(colorants(named))
        alike = np.abs(np.subtract(matrix, IDENTITY)).max() <= _ALIKE
        return LINEAR_LIGHT if alike else ColorSpace(LINEAR_LIGHT.curves, matrix)
    except (ValueError, ProtocolError) as error:
        raise BadImageError(f"{path} names chromaticities that are no primaries.", "Correct its header.") from error


def chromaticities_of(space: ColorSpace) -> tuple[float, ...]:
    """The primaries of a space, and sRGB's white: x and y of red, green, blue and white."""
    x, y = np.reshape(SRGB, (4, 2)).T
    corners = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    light = corners[:, :3] * np.linalg.solve(corners[:, :3], corners[:, 3]) @ np.reshape(space.matrix, (3, 3))
    points = (light / light.sum(axis=0))[:2].T
    return (*points.flatten().tolist(), *SRGB[6:])


def exr_metadata(spec: OpenImageIO.ImageSpec) -> Metadata:
    """What other formats can carry of a file's attributes."""
    exif = Image.Exif()
    for name, (ifd, tag) in _IN_EXIF.items():
        value = spec.getattribute(name)
        if value is not None and value != "":
            target = exif if ifd is None else exif.get_ifd(ifd)
            target[tag] = _rational(value) if isinstance(value, float) else value
    across = spec.get_float_attribute("XResolution", 0.0)
    down = spec.get_float_attribute("YResolution", 0.0) or across / (
        spec.get_float_attribute("PixelAspectRatio", 1) or 1
    )
    return Metadata(
        travelling_exif(exif), travelling_xmp(spec.get_string_attribute("XMP")), (across, down) if across else None
    )


def _rational(value: float) -> IFDRational:
    near = Fraction(value).limit_denominator(10_000)
    return IFDRational(near.numerator, near.denominator)


def exr_frame(
    spec: OpenImageIO.ImageSpec, frame: OpenImageIO.ImageSpec | None, space: ColorSpace, metadata: Metadata
) -> None:
    """Say in a new header what the old one said, or what other formats said.

    Args:
        spec: Of the new file; its size, type and channels are set.
        frame: Of the old file, if that was an OpenEXR.
        space: Of the pixels.
        metadata: Of another file.
    """
    spec.attribute("compression", "zip")
    # Otherwise it is the time of writing, and no file equals another.
    spec.attribute("DateTime", "")
    if frame is not None:
        _same_frame(spec, frame)
        return
    spec.attribute("chromaticities", "float[8]", chromaticities_of(space))
    exif = Image.Exif()
    exif.load(metadata.exif or b"")
    for name, (ifd, tag) in _IN_EXIF.items():
        value = (exif if ifd is None else exif.get_ifd(ifd)).get(tag)
        if value is not None:
            spec.attribute(name, float(value) if isinstance(value, IFDRational) else value)
    if metadata.xmp:
        spec.attribute("XMP", metadata.xmp.decode("utf-8", "replace"))
    if metadata.resolution:
        spec.attribute("XResolution", metadata.resolution[0])
        spec.attribute("ResolutionUnit", "in")


def _same_frame(spec: OpenImageIO.ImageSpec, frame: OpenImageIO.ImageSpec) -> None:
    """All attributes, and both windows; compressed without loss."""
    for item in frame.extra_attribs:
        if not item.name.startswith(("oiio:", "ICCProfile")) and (
            item.name != "compression" or str(item.value).partition(":")[0] in _LOSSLESS
        ):
            spec.attribute(item.name, item.type, item.value)
    for name in ("x", "y", "full_x", "full_y", "full_width", "full_height"):
        setattr(spec, name, getattr(frame, name))
