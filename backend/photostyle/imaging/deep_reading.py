"""Pictures of more than eight bits, and very large ones, through OpenImageIO."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from photostyle.imaging.associated_alpha import has_associated_alpha, with_straight_alpha
from photostyle.imaging.exr import check_exr, exr_metadata, exr_space
from photostyle.imaging.hushed import hushed
from photostyle.imaging.icc_making import profile_of
from photostyle.imaging.metadata import Metadata
from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import has_alpha, is_grey
from photostyle.imaging.profiles import described, profile_for
from photostyle.machine.memory import gibibytes, memory_room
from photostyle.stylize.task import Pixels
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.errors import BadImageError, PictureTooLargeError

if TYPE_CHECKING:
    import OpenImageIO

_TYPES = {"uint8": np.uint8, "uint16": np.uint16, "half": np.float16, "float": np.float32}
_STRIP_PIXELS = 1 << 22
_PLAIN_TIFF = (1, 2)
"""Photometric interpretations: black is zero, RGB."""

_CHANNELS = (("Y",), ("Y", "A"), ("R", "G", "B"), ("R", "G", "B", "A"))


def read_deep(path: Path, max_pixels: int, metadata: Metadata) -> Picture:
    """Read a PNG, TIFF, PPM, OpenEXR, JPEG XL or JPEG file as deep as it is, straight into one array.

    Args:
        path: The file.
        max_pixels: Width × height up to which it is decoded.
        metadata: What was found in it; an OpenEXR file has its own.

    Raises:
        BadImageError: It is damaged, or no picture that can be held exactly.
        PictureTooLargeError: Its header announces more than `max_pixels`.
    """
    with hushed():
        return _read(path, max_pixels, metadata)


def _read(path: Path, max_pixels: int, metadata: Metadata) -> Picture:
    import OpenImageIO

    how = OpenImageIO.ImageSpec()
    how.attribute("oiio:UnassociatedAlpha", 1)
    source = OpenImageIO.ImageInput.open(str(path), how)
    if source is None:
        raise _damaged(path, OpenImageIO.geterror())
    try:
        spec = source.spec()
        check_size(path, spec.width, spec.height, max_pixels)
        _check(path, source, spec)
        check_memory(path, spec.width, spec.height, spec.pixel_bytes())
        pixels = _decoded(source, spec)
        if pixels is None or source.has_error:
            raise _damaged(path, source.geterror())
    finally:
        source.close()
    return _picture(path, source.format_name(), spec, _upright(_arranged(pixels, spec), spec), metadata)


def _decoded(source: OpenImageIO.ImageInput, spec: OpenImageIO.ImageSpec) -> Pixels | None:
    """All pixels, or nothing where they are damaged; strip by strip, because what is read at once is there twice."""
    if spec.tile_width:
        return source.read_image(0, 0, 0, spec.nchannels, spec.format)
    whole = np.empty((spec.height, spec.width, spec.nchannels), _TYPES[str(spec.format)])
    rows = max(1, _STRIP_PIXELS // spec.width)
    for first in range(0, spec.height, rows):
        begin, end = spec.y + first, spec.y + min(spec.height, first + rows)
        strip = source.read_scanlines(0, 0, begin, end, spec.z, 0, spec.nchannels, spec.format)
        if strip is None:
            return None
        whole[first : first + rows] = np.asarray(strip).reshape(end - begin, spec.width, spec.nchannels)
    return whole


def check_size(path: Path, width: int, height: int, max_pixels: int) -> None:
    """Refuse what is larger than the limit.

    Raises:
        PictureTooLargeError: It is.
    """
    if width * height > max_pixels:
        raise PictureTooLargeError(
            f"{path} has {width} × {height} pixels, more than the limit of {max_pixels / 1e6:,.0f} megapixels.",
            "Scale it down first.",
        )


def check_memory(path: Path, width: int, height: int, pixel_bytes: int) -> None:
    """Refuse what does not fit into the memory that is free.

    Args:
        path: The file.
        width: Of the picture.
        height: Of the picture.
        pixel_bytes: What decoding takes for each pixel.

    Raises:
        PictureTooLargeError: With the numbers.
    """
    need, room = width * height * pixel_bytes, memory_room()
    if need > room.free:
        raise PictureTooLargeError(
            f"{path} has {width} × {height} pixels, which need {gibibytes(need)} GiB of memory, and {room} are free.",
            "Close other programs, or scale it down.",
        )


def _damaged(path: Path, error: str) -> BadImageError:
    first = (error.strip().splitlines() or ["it cannot be decoded"])[0].rstrip(".")
    return BadImageError(f"{path} is damaged or truncated ({first}).", "Save or download it again.")


def refusal(path: Path, what: str) -> BadImageError:
    """The error for a file that holds something for which there is no place here."""
    return BadImageError(
        f"{path} holds {what}, which Photostyle does not read.", "Save it as RGB or grey, with alpha if needed."
    )


def _check(path: Path, source: OpenImageIO.ImageInput, spec: OpenImageIO.ImageSpec) -> None:
    if str(spec.format) not in _TYPES:
        raise refusal(path, f"numbers of the type {spec.format}")
    if source.format_name() == "openexr":
        check_exr(path, source, spec)
    elif not 1 <= spec.nchannels <= 4 or spec.depth > 1:
        raise refusal(path, f"{spec.nchannels} channels")
    if source.format_name() == "tiff":
        _check_tiff(path, source, spec)


def _check_tiff(path: Path, source: OpenImageIO.ImageInput, spec: OpenImageIO.ImageSpec) -> None:
    kind = str(spec.getattribute("tiff:ColorSpace") or "unusual")
    if spec.get_int_attribute("tiff:PhotometricInterpretation", 2) not in _PLAIN_TIFF:
        raise refusal(path, f"{spec.get_int_attribute('oiio:BitsPerSample')}-bit {kind} colours")
    if spec.get_int_attribute("oiio:BitsPerSample", 16) not in (8, 16, 32):
        raise refusal(path, f"{spec.get_int_attribute('oiio:BitsPerSample')}-bit numbers")
    if _is_associated("tiff", spec) and str(spec.format) == "uint16":
        raise refusal(path, "16-bit colours multiplied by their alpha")


def _is_associated(kind: str, spec: OpenImageIO.ImageSpec) -> bool:
    """Whether colours are multiplied by alpha: always in OpenEXR, perhaps in TIFF."""
    if kind == "tiff":
        return spec.alpha_channel >= 0 and not spec.get_int_attribute("oiio:UnassociatedAlpha")
    return kind == "openexr"


def _arranged(pixels: Pixels, spec: OpenImageIO.ImageSpec) -> Pixels:
    """(H, W, C) with the channels in order; OpenEXR sorts them by name as it likes."""
    pixels = pixels.reshape(spec.height, spec.width, spec.nchannels)
    order = _order(tuple(name.upper() for name in spec.channelnames))
    return pixels if order == sorted(order) else pixels[..., order]


def _order(names: Sequence[str]) -> list[int]:
    for known in _CHANNELS:
        if sorted(known) == sorted(names):
            return [names.index(name) for name in known]
    return list(range(len(names)))


def _upright(pixels: Pixels, spec: OpenImageIO.ImageSpec) -> Pixels:
    """The pixels turned the way the file says; grey as (H, W)."""
    turn = spec.get_int_attribute("Orientation", 1)
    if turn in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    if turn in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if turn in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)


def _picture(path: Path, kind: str, spec: OpenImageIO.ImageSpec, pixels: Pixels, metadata: Metadata) -> Picture:
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        raise BadImageError(f"{path} holds values that are no numbers (NaN or infinity).", "Repair it first.")
    held = None
    if has_alpha(pixels) and _is_associated(kind, spec) and has_associated_alpha(pixels):
        held, pixels = pixels, with_straight_alpha(pixels)
    if kind == "openexr":
        space = exr_space(path, spec)
        light = profile_of(space, "Linear light", is_grey(pixels))
        return Picture(pixels, light, exr_metadata(spec), space, held=held, frame=spec.copy())
    found = spec.getattribute("ICCProfile")
    profile = profile_for(None if found is None else bytes(found), "GRAY" if is_grey(pixels) else "RGB")
    if profile is None and kind == "tiff" and pixels.dtype.kind == "f":
        # Floats are light, unless their file says otherwise.
        return Picture(pixels, None, metadata, LINEAR_LIGHT, held=held)
    return Picture(pixels, profile, metadata, *described(profile), held=held)
