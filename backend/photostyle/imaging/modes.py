"""From Pillow's many modes of eight bits to the few that `Pixels` has; what is deeper goes another way."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from photostyle.imaging.profiles import cmyk_to_rgb, usable_profile
from photostyle_protocol.errors import BadImageError

_AS_THEY_ARE = ("L", "LA", "RGB", "RGBA")
_CONVERTED = {
    "1": "L",
    "PA": "RGBA",
    "La": "LA",
    "RGBa": "RGBA",
    "RGBX": "RGB",
    "YCbCr": "RGB",
    "HSV": "RGB",
}
_TIFF_BITS = 258


def to_readable_mode(path: Path, image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes | None]:
    """The image as L, LA, RGB or RGBA, and the profile that describes it then.

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
    if image.mode in _AS_THEY_ARE:
        return image.mode
    if image.mode not in _CONVERTED:
        raise _refusal(path, f"{image.mode} pixels")
    return _CONVERTED[image.mode]


def is_deep(image: Image.Image) -> bool:
    """Whether a file, opened but not decoded, holds more than eight bits, which Pillow would cut in silence."""
    if image.format == "TIFF":
        bits: tuple[int, ...] = image.tag_v2.get(_TIFF_BITS, (1,))  # type: ignore[attr-defined]
        return max(bits) > 8
    return image.mode == "F" or image.mode.startswith("I") or _raw_depth(image) > 8


def refuse_what_would_be_cut(path: Path, image: Image.Image) -> None:
    """Refuse a file, opened but not decoded, that neither Pillow nor OpenImageIO reads without losing some of it.

    Raises:
        BadImageError: A transparent level in 16 bits, AVIF of 10 or 12 bits.
    """
    if "transparency" in image.info and is_deep(image):
        raise _refusal(path, "16-bit pixels with a transparent level")
    if image.format == "AVIF" and _is_deep_avif(path):
        raise _refusal(path, "10-bit or 12-bit AVIF")


def _is_deep_avif(path: Path) -> bool:
    """By the flag in the configuration of the codec (AV1 in ISOBMFF, 2.3)."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    place = head.find(b"av1C")
    return place >= 0 and bool(head[place + 6] & 0x40)


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
        "Save it as RGB or grey with 8 or 16 bits, PNG or TIFF.",
    )
