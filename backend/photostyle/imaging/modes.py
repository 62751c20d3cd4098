"""From Pillow's many modes to the few that `Pixels` has, never losing depth in silence."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from photostyle.imaging.profiles import cmyk_to_rgb, usable_profile
from photostyle_protocol.errors import BadImageError

_AS_THEY_ARE = ("L", "LA", "RGB", "RGBA", "F")
_CONVERTED = {
    "1": "L",
    "I": "I;16",  # how Pillow holds a 16-bit PGM; TIFF's whole numbers are refused before
    "PA": "RGBA",
    "La": "LA",
    "RGBa": "RGBA",
    "RGBX": "RGB",
    "YCbCr": "RGB",
    "HSV": "RGB",
}
_TIFF_BITS, _TIFF_PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0


def to_readable_mode(path: Path, image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes | None]:
    """The image as L, LA, RGB, RGBA, I;16 or F, and the profile that describes it then.

    Args:
        path: For the error's sentence.
        image: Decoded and upright.
        profile: What the file carries.

    Raises:
        BadImageError: The mode has no meaning here.
    """
    if image.mode == "CMYK":
        return cmyk_to_rgb(image, usable_profile(profile, "CMYK")), None
    wanted = _wanted_mode(path, image)
    return (image if image.mode == wanted else image.convert(wanted)), profile


def _wanted_mode(path: Path, image: Image.Image) -> str:
    if image.has_transparency_data and image.mode in ("1", "L", "P", "RGB"):
        return "LA" if image.mode in ("1", "L") else "RGBA"
    if image.mode == "P":
        return "RGB"
    if image.mode in _AS_THEY_ARE or image.mode.startswith("I;16"):
        return image.mode
    if image.mode not in _CONVERTED:
        raise _refusal(path, f"{image.mode} pixels")
    return _CONVERTED[image.mode]


def refuse_what_would_be_cut(path: Path, image: Image.Image) -> None:
    """Refuse a file, opened but not decoded, whose depth Pillow would cut to eight bits in silence.

    Raises:
        BadImageError: 16-bit colour or alpha, whole numbers above 16 bits, odd kinds of deep grey.
    """
    if image.mode.startswith("I;16") and "transparency" in image.info:
        raise _refusal(path, "16-bit grey with a transparent level")
    if image.format == "TIFF":
        _refuse_odd_tiff(path, image)
    elif image.mode in ("LA", "RGB", "RGBA") and _raw_depth(image) > 8:
        raise _refusal(path, "16-bit colour or alpha")


def _refuse_odd_tiff(path: Path, image: Image.Image) -> None:
    tags = image.tag_v2  # type: ignore[attr-defined]
    bits = max(tags.get(_TIFF_BITS, (1,)))
    if bits > 8 and image.mode not in ("I;16", "I;16B", "F"):
        raise _refusal(path, f"{bits}-bit colour, alpha or whole numbers")
    if bits > 8 and (bits not in (16, 32) or tags.get(_TIFF_PHOTOMETRIC) == _WHITE_IS_ZERO):
        raise _refusal(path, f"{bits}-bit grey of an unusual kind")


def _raw_depth(image: Image.Image) -> int:
    """Bits per channel in the file of a PNG (`RGB;16B`) or PPM (raw mode and highest value)."""
    tiles = image.tile  # type: ignore[attr-defined]
    args = tiles[0].args if tiles else ""
    if isinstance(args, tuple):
        highest = args[-1]
        return 16 if isinstance(highest, int) and highest > 255 else 8
    return 16 if isinstance(args, str) and ";16" in args else 8


def _refusal(path: Path, what: str) -> BadImageError:
    return BadImageError(
        f"{path} holds {what}, which Photostyle cannot read without losing some of it.",
        "Save it as 8-bit RGB or 16-bit grey, PNG or TIFF.",
    )
