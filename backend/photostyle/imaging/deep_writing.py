"""Pictures into files through OpenImageIO, straight from their memory: all formats but WebP and AVIF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from photostyle.imaging import jpeg_segments, jxl_boxes, png_chunks, tiff_tags
from photostyle.imaging.associated_alpha import associated
from photostyle.imaging.exr import exr_frame
from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import channels_of, has_alpha
from photostyle.stylize.task import Pixels
from photostyle_protocol.color_space import LINEAR_LIGHT

if TYPE_CHECKING:
    import OpenImageIO

_TYPES = {"uint8": "uint8", "uint16": "uint16", "float16": "half", "float32": "float"}
_CHANNELS = (("Y",), ("Y", "A"), ("R", "G", "B"), ("R", "G", "B", "A"))


def write_deep(path: Path, name: str, picture: Picture) -> None:
    """Write a new file, not safe from interruption.

    Args:
        path: The file.
        name: The format: ``png``, ``tiff``, ``openexr``, ``jpegxl`` or ``jpeg``.
        picture: Which the format can hold.

    Raises:
        OSError: The disk does not take it.
    """
    pixels = picture.pixels
    if name == "openexr" and has_alpha(pixels):
        pixels = associated(pixels, picture.held)
    _write_pixels(path, name, pixels, _header(name, pixels, picture))
    _ADD_METADATA.get(name, _add_nothing)(path, picture)


def _header(name: str, pixels: Pixels, picture: Picture) -> OpenImageIO.ImageSpec:
    import OpenImageIO

    channels = channels_of(pixels)
    spec = OpenImageIO.ImageSpec(pixels.shape[1], pixels.shape[0], channels, _TYPES[pixels.dtype.name])
    spec.channelnames = _CHANNELS[channels - 1]
    if channels in (2, 4):
        spec.alpha_channel = channels - 1
    if name == "openexr":
        exr_frame(spec, picture.frame, picture.space or LINEAR_LIGHT, picture.metadata)
        return spec
    if picture.icc_profile:
        spec.attribute("ICCProfile", f"uint8[{len(picture.icc_profile)}]", np.frombuffer(picture.icc_profile, np.uint8))
    if picture.metadata.resolution:
        spec.attribute("XResolution", picture.metadata.resolution[0])
        spec.attribute("YResolution", picture.metadata.resolution[1])
        spec.attribute("ResolutionUnit", "in")
    for key, value in _SETTINGS[name].items():
        spec.attribute(key, value)
    return spec


_SETTINGS: dict[str, dict[str, str | int | float]] = {
    # Numbers without a meaning: otherwise chunks that say sRGB are written beside the profile. One filter (16, each
    # pixel less its neighbour) and little effort: a third of the time of the defaults for 8 % larger files.
    "png": {"oiio:UnassociatedAlpha": 1, "oiio:ColorSpace": "data", "png:compressionLevel": 2, "png:filter": 16},
    # Some time or other, which is not told: otherwise it is the time of writing, and no file equals another.
    "tiff": {"oiio:UnassociatedAlpha": 1, "compression": "none", "DateTime": tiff_tags.NO_TIME},
    "jpeg": {"compression": "jpeg:95", "jpeg:subsampling": "4:4:4"},
    "jpegxl": {"oiio:UnassociatedAlpha": 1, "jpegxl:distance": 0.0, "jpegxl:effort": 3},
}


def _write_pixels(path: Path, name: str, pixels: Pixels, spec: OpenImageIO.ImageSpec) -> None:
    import OpenImageIO

    OpenImageIO.attribute("tiff:half", 1)
    sink = OpenImageIO.ImageOutput.create(name)
    if sink is None:
        raise OSError(None, OpenImageIO.geterror())
    if not sink.open(str(path), spec):
        raise OSError(None, sink.geterror() or "the file cannot be opened")
    written = sink.write_image(np.ascontiguousarray(pixels).reshape(spec.height, spec.width, spec.nchannels))
    closed = sink.close()
    if not (written and closed):
        raise OSError(None, sink.geterror().strip() or "is the disk full?")


def _add_to_png(path: Path, picture: Picture) -> None:
    _rewritten(path, picture, png_chunks.with_metadata)


def _add_to_jpeg(path: Path, picture: Picture) -> None:
    _rewritten(path, picture, jpeg_segments.with_metadata)


def _rewritten(
    path: Path, picture: Picture, copy: Callable[[Path, BinaryIO, bytes | None, bytes | None], None]
) -> None:
    plain = path.with_name(f"{path.stem}.plain{path.suffix}")
    path.replace(plain)
    try:
        with path.open("xb") as file:
            copy(plain, file, picture.metadata.exif, picture.metadata.xmp)
    finally:
        plain.unlink()


def _add_to_tiff(path: Path, picture: Picture) -> None:
    tiff_tags.add_metadata(path, picture.metadata.exif, picture.metadata.xmp)


def _add_to_jxl(path: Path, picture: Picture) -> None:
    jxl_boxes.add_metadata(path, picture.metadata.exif, picture.metadata.xmp)


def _add_nothing(path: Path, picture: Picture) -> None:
    """OpenEXR has its metadata in the header."""


_ADD_METADATA: dict[str, Callable[[Path, Picture], None]] = {
    "png": _add_to_png,
    "tiff": _add_to_tiff,
    "jpeg": _add_to_jpeg,
    "jpegxl": _add_to_jxl,
}
