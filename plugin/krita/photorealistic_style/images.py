"""Qt's images as pictures of the protocol, and back. All colours here are sRGB."""

from __future__ import annotations

import math
from typing import Any

from photostyle_plugin.picture import MemorySource
from photostyle_protocol.errors import BadImageError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.look_file import SUFFIX, LookFile, is_look, read_look

from .qt import QtCore, QtGui

_8_BITS = QtGui.QImage.Format.Format_RGBA8888
_OPAQUE = QtGui.QImage.Format.Format_RGB888
_16_BITS = QtGui.QImage.Format.Format_RGBA64
_GREY = QtGui.QImage.Format.Format_Grayscale8
_SMOOTH = QtCore.Qt.TransformationMode.SmoothTransformation
_KEEP = QtCore.Qt.AspectRatioMode.KeepAspectRatio
_STRETCH = QtCore.Qt.AspectRatioMode.IgnoreAspectRatio


_KRITA_READS = {"exr", "jxl", "kra", "ora", "psd", "tif", "tiff", "webp", "xcf"}
_WE_READ = {SUFFIX.lstrip(".")}


class ImageSource:
    """A `QImage` in sRGB as a source: RGBA of 8 bits, or of 16 where the image has more.

    Args:
        image: Any image that is not null.
    """

    def __init__(self, image: Any) -> None:
        deep = image.depth() > 32 or image.format() == QtGui.QImage.Format.Format_Grayscale16
        self._image = image.convertToFormat(_16_BITS if deep else _8_BITS)
        self.spec = ImageSpec(image.height(), image.width(), 4, "uint16" if deep else "uint8")

    def rows(self, first: int, count: int) -> memoryview:
        """Some rows."""
        return _bytes_of(self._image)[first * self.spec.row_bytes : (first + count) * self.spec.row_bytes]


def read_image(path: str) -> Any:
    """A picture file as an upright `QImage` in sRGB. Safe in any thread.

    Raises:
        BadImageError: Qt cannot read it; Krita perhaps can.
    """
    reader = _reader(path)
    image = reader.read()
    if image.isNull():
        raise BadImageError(f"{path} cannot be read: {reader.errorString()}.")
    return _in_srgb(image)


def read_thumbnail(path: str, side: int) -> Any:
    """A picture file reduced to at most `side` pixels either way, or a null image. Safe in any thread.

    Raises:
        BadLookError: It is to be a look and is none.
    """
    if is_look(path):
        return look_thumbnail(read_look(path), side)
    reader = _reader(path)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(side, side, QtCore.Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return image if image.isNull() else _in_srgb(image)


def look_thumbnail(look: LookFile, side: int) -> Any:
    """What a look comes from, with at most `side` pixels either way."""
    image = QtGui.QImage.fromData(look.thumbnail, "JPEG")
    return image if max(image.width(), image.height()) <= side else image.scaled(side, side, _KEEP, _SMOOTH)


def reduced(image: Any, pixels: int) -> Any:
    """The image with at most about that many pixels."""
    scale = math.sqrt(pixels / (image.width() * image.height()))
    return image if scale >= 1 else stretched(image, image.width() * scale, image.height() * scale)


def stretched(image: Any, width: float, height: float) -> Any:
    """The image in another size, smoothly, at least one pixel either way."""
    return image.scaled(max(1, round(width)), max(1, round(height)), _STRETCH, _SMOOTH)


def image_of(spec: ImageSpec, pixels: bytes | bytearray | memoryview) -> Any:
    """A `QImage` of grey, RGB or RGBA pixels of 8 bits; it has its own copy."""
    if spec.channels == 1:
        return grey_image(spec.width, spec.height, bytes(pixels))
    kind = _8_BITS if spec.channels == 4 else _OPAQUE
    return QtGui.QImage(bytes(pixels), spec.width, spec.height, spec.row_bytes, kind).copy()


def grey_image(width: int, height: int, pixels: bytes) -> Any:
    """A `QImage` of a mask; it has its own copy."""
    return QtGui.QImage(pixels, width, height, width, _GREY).copy()


def grey_source(image: Any) -> MemorySource:
    """A `QImage` as a source of grey of 8 bits, its rows without the padding that Qt puts in."""
    grey = image.convertToFormat(_GREY)
    view, line = _bytes_of(grey), grey.bytesPerLine()
    pixels = b"".join(view[y * line : y * line + grey.width()] for y in range(grey.height()))
    return MemorySource(ImageSpec(grey.height(), grey.width(), 1, "uint8"), pixels)


def endings() -> list[str]:
    """The endings of files that are offered: what Qt reads, what only Krita does, and looks."""
    qt = {bytes(name.data()).decode() for name in QtGui.QImageReader.supportedImageFormats()}
    return sorted(qt | _KRITA_READS | _WE_READ)


def nothing() -> Any:
    """The null image."""
    return QtGui.QImage()


def _bytes_of(image: Any) -> memoryview:
    pointer = image.constBits()
    pointer.setsize(image.bytesPerLine() * image.height())
    return memoryview(pointer)


def _reader(path: str) -> Any:
    reader = QtGui.QImageReader(path)
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    return reader


def _in_srgb(image: Any) -> Any:
    srgb = QtGui.QColorSpace(QtGui.QColorSpace.NamedColorSpace.SRgb)
    if image.colorSpace().isValid() and image.colorSpace() != srgb:
        image.convertToColorSpace(srgb)
    return image
