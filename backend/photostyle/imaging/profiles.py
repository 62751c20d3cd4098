"""ICC colour profiles: which are usable, and bringing pictures into one space."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import has_alpha, is_grey
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadImageError

_SPACE_OF_MODE = {"I;16": "GRAY", "I;16B": "GRAY", "L": "GRAY", "LA": "GRAY", "F": "GRAY", "CMYK": "CMYK"}


def usable_profile(icc_profile: bytes | None, mode: str) -> bytes | None:
    """The profile if it can be read and describes pixels of this Pillow mode, else ``None``.

    Files with a damaged profile, or with one that belongs to another kind of pixels, are common enough;
    they mean sRGB then, as they do in every viewer.
    """
    if not icc_profile:
        return None
    try:
        space = _open(icc_profile).profile.xcolor_space.strip()
    except ImageCms.PyCMSError:
        return None
    return icc_profile if space == _SPACE_OF_MODE.get(mode, "RGB") else None


def cmyk_to_rgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """A CMYK image as sRGB, through its own profile where it carries one."""
    if icc_profile is None:
        return image.convert("RGB")
    converted = ImageCms.profileToProfile(image, _open(icc_profile), _srgb(), outputMode="RGB")
    assert converted is not None  # noqa: S101  (only in-place conversion returns None)
    return converted


def into_space_of(style: Picture, content: Picture) -> Picture:
    """The style with its colours expressed in the content's space, so that equal numbers are equal colours.

    Pictures without a profile are sRGB; beside a grey content the style becomes sRGB. Eight bits are enough
    for a look, so other depths come back as uint8, except float pixels, which stay as they are: their
    profile, where there is one, says nothing about values beyond 0–1.

    Raises:
        BadImageError: One of the profiles cannot be used for a conversion.
    """
    wanted = None if is_grey(content.pixels) else content.icc_profile
    if style.icc_profile == wanted or style.pixels.dtype.kind == "f":
        return style
    try:
        return Picture(_converted(style, wanted), wanted, style.exif)
    except ImageCms.PyCMSError as error:
        raise BadImageError(
            f"The colour profiles of the pictures cannot be converted into each other ({error}).",
            "Convert both pictures to sRGB first.",
        ) from error


def into_srgb(picture: Picture) -> Picture:
    """The picture in sRGB, for showing; see `into_space_of`."""
    return into_space_of(picture, Picture(np.zeros((1, 1, 3), np.uint8)))


def _converted(picture: Picture, wanted: bytes | None) -> Pixels:
    colour = Image.fromarray(np.ascontiguousarray(_colour8(picture.pixels)))
    source = _open(picture.icc_profile)
    if picture.icc_profile is None and colour.mode == "L":
        colour = colour.convert("RGB")
    image = ImageCms.profileToProfile(colour, source, _open(wanted), outputMode="RGB")
    rgb = np.asarray(image)
    return np.dstack([rgb, _eight_bits(picture.pixels[..., -1])]) if has_alpha(picture.pixels) else rgb


def _colour8(pixels: Pixels) -> Pixels:
    if pixels.ndim == 3:
        pixels = pixels[..., 0] if is_grey(pixels) else pixels[..., :3]
    return _eight_bits(pixels)


def _eight_bits(pixels: Pixels) -> Pixels:
    return (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels


def _open(icc_profile: bytes | None) -> ImageCms.ImageCmsProfile:
    return ImageCms.getOpenProfile(io.BytesIO(icc_profile)) if icc_profile else _srgb()


def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
