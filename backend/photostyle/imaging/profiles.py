"""ICC colour profiles: which are usable, what they say, and pictures for showing."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageCms

from photostyle.imaging.icc import space_of
from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import has_alpha, is_grey
from photostyle.stylize.task import Pixels
from photostyle_protocol.color_space import ColorSpace
from photostyle_protocol.errors import BadImageError

_SPACE_OF_MODE = {"L": "GRAY", "LA": "GRAY", "CMYK": "CMYK"}


class Described(NamedTuple):
    """What a profile says: the space (``None`` is sRGB), and whether it only has tables, which say nothing here."""

    space: ColorSpace | None
    is_unknown: bool


def described(icc_profile: bytes | None) -> Described:
    """What the numbers of pixels with this profile mean; without one, they are sRGB."""
    if icc_profile is None:
        return Described(None, is_unknown=False)
    try:
        return Described(space_of(icc_profile), is_unknown=False)
    except ValueError:
        return Described(None, is_unknown=True)


def usable_profile(icc_profile: bytes | None, mode: str) -> bytes | None:
    """The profile if it can be read and describes pixels of this Pillow mode, else ``None``."""
    return profile_for(icc_profile, _SPACE_OF_MODE.get(mode, "RGB"))


def profile_for(icc_profile: bytes | None, space: str) -> bytes | None:
    """The profile if it can be read and describes pixels of this space: ``RGB``, ``GRAY`` or ``CMYK``.

    Files with a damaged profile, or with one that belongs to another kind of pixels, are common enough;
    they mean sRGB then, as they do in every viewer.
    """
    if not icc_profile:
        return None
    try:
        found = _open(icc_profile).profile.xcolor_space.strip()
    except (ImageCms.PyCMSError, UnicodeDecodeError):  # the name of the space may be anything
        return None
    return icc_profile if found == space else None


def cmyk_to_rgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """A CMYK image as sRGB, through its own profile where it carries one."""
    if icc_profile is None:
        return image.convert("RGB")
    converted = ImageCms.profileToProfile(image, _open(icc_profile), _srgb(), outputMode="RGB")
    assert converted is not None  # noqa: S101  (only in-place conversion returns None)
    return converted


def into_srgb(picture: Picture) -> Picture:
    """The picture in sRGB and eight bits, for showing, and for styles of which only LittleCMS knows the space.

    Float pixels, and pictures without a profile, stay as they are.

    Raises:
        BadImageError: The profile cannot be used for a conversion.
    """
    if picture.icc_profile is None or picture.pixels.dtype.kind == "f":
        return picture
    try:
        return Picture(_converted(picture))
    except ImageCms.PyCMSError as error:
        raise BadImageError(
            f"The colour profile of a picture cannot be converted ({error}).", "Convert it to sRGB first."
        ) from error


def _converted(picture: Picture) -> Pixels:
    colour = Image.fromarray(np.ascontiguousarray(_colour8(picture.pixels)))
    image = ImageCms.profileToProfile(colour, _open(picture.icc_profile), _srgb(), outputMode="RGB")
    rgb = np.asarray(image)
    return np.dstack([rgb, _eight_bits(picture.pixels[..., -1])]) if has_alpha(picture.pixels) else rgb


def _colour8(pixels: Pixels) -> Pixels:
    if pixels.ndim == 3:
        pixels = pixels[..., 0] if is_grey(pixels) else pixels[..., :3]
    return _eight_bits(pixels)


def _eight_bits(pixels: Pixels) -> Pixels:
    return (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels


def _open(icc_profile: bytes | None) -> ImageCms.ImageCmsProfile:
    return ImageCms.getOpenProfile(io.BytesIO(icc_profile or b""))


def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
