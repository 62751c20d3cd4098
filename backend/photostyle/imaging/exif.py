"""Camera data that may travel from the content into the result."""

from __future__ import annotations

from PIL import ExifTags, Image

_KEPT = (
    ExifTags.Base.ImageDescription,
    ExifTags.Base.Make,
    ExifTags.Base.Model,
    ExifTags.Base.XResolution,
    ExifTags.Base.YResolution,
    ExifTags.Base.ResolutionUnit,
    ExifTags.Base.Software,
    ExifTags.Base.DateTime,
    ExifTags.Base.Artist,
    ExifTags.Base.Copyright,
)
_STALE = (
    ExifTags.Base.ExifImageWidth,
    ExifTags.Base.ExifImageHeight,
    ExifTags.Base.ExifInteroperabilityOffset,
)


_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def exif_of(image: Image.Image) -> Image.Exif:
    """The camera data of an image; none where it is damaged, because the photograph is still good."""
    try:
        return image.getexif()
    except Exception:  # what damaged tags raise inside Pillow is not ours to list
        return Image.Exif()


def upright(image: Image.Image) -> Image.Image:
    """The image turned the way its orientation tag says; decodes it first, which turns TIFFs already."""
    image.load()
    turn = _UPRIGHT.get(exif_of(image).get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def travelling_exif(old: Image.Exif) -> bytes | None:
    """Who, when, where and with which camera; nothing about how the old file was laid out.

    Orientation, thumbnail, sizes and (in TIFF files) strip offsets stay behind: they would be wrong
    about the new picture. Camera data that cannot be read is left out, the photograph is still good.
    """
    try:
        return _travelling(old)
    except Exception:  # what damaged tags raise inside Pillow is not ours to list
        return None


def raw_text(value: object) -> object:
    """The bytes of a text, in whatever encoding it came: Pillow reads as Latin-1 and writes as ASCII."""
    return value.encode("latin-1") if isinstance(value, str) else value


def _travelling(old: Image.Exif) -> bytes | None:
    kept = Image.Exif()
    for tag in _KEPT:
        if tag in old:
            kept[tag] = raw_text(old[tag])
    for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        values = {tag: value for tag, value in old.get_ifd(ifd).items() if tag not in _STALE}
        if values:
            kept[ifd] = values
    # Pillow puts JPEG's mark in front; elsewhere the block begins with its byte order.
    return kept.tobytes().removeprefix(b"Exif\0\0") if len(kept) else None
