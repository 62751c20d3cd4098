"""Small sRGB pictures of what is in Krita: for the preview, and for styles in another colour space."""

from __future__ import annotations

from typing import Any

from krita import Krita
from photostyle_plugin.picture import MemorySource
from photostyle_protocol.images import ImageSpec

from . import images
from .color_space import SRGB, ColorSpace
from .qt import QtCore
from .sources import SelectionSource, in_protocol_order

STYLE_PIXELS = 1 << 19
"""The engine itself reduces a style to that many pixels."""

_OVERSAMPLING = 2
HAVE_THUMBNAILS = ("paintlayer", "grouplayer", "clonelayer", "filelayer")
_RESOLUTION = 72.0


def proxy_size(width: int, height: int, side: int) -> tuple[int, int]:
    """The size with the same shape whose longer side is at most `side`."""
    scale = min(1.0, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def layer_image(node: Any, area: Any, size: tuple[int, int]) -> Any:
    """What a layer looks like, as a `QImage` of that size in sRGB.

    Krita picks single pixels for its thumbnails, so a larger one is taken and reduced.

    Args:
        node: The layer.
        area: See `sources.area_of`.
        size: Width and height.
    """
    larger = [min(full, _OVERSAMPLING * part) for full, part in zip((area.width(), area.height()), size, strict=True)]
    if node.type() in HAVE_THUMBNAILS:
        return images.stretched(node.thumbnail(*larger), *size)
    raw = node.projectionPixelData(area.x(), area.y(), area.width(), area.height())
    with_layer = _Scratch(ColorSpace.of(node), area.width(), area.height(), raw)
    try:
        return images.stretched(with_layer.node.thumbnail(*larger), *size)
    finally:
        with_layer.close()


def document_image(document: Any, size: tuple[int, int]) -> Any:
    """What a document shows, as a `QImage` of that size in sRGB."""
    whole = document.projection(0, 0, document.width(), document.height())
    return images.stretched(whole, *size)


def selection_proxy(selection: SelectionSource, size: tuple[int, int]) -> MemorySource:
    """A selection in the size of a proxy."""
    spec = selection.spec
    whole = images.grey_image(spec.width, spec.height, selection.rows(0, spec.height))
    return images.grey_source(images.stretched(whole, *size))


def converted(image: Any, space: ColorSpace) -> MemorySource:
    """A `QImage` in sRGB, reduced to `STYLE_PIXELS`, in another RGB colour space."""
    small = images.reduced(image, STYLE_PIXELS)
    source = images.ImageSource(small.convertToFormat(small.Format.Format_ARGB32))
    pixels = in_protocol_order(SRGB, source.rows(0, source.spec.height))
    scratch = _Scratch(SRGB, source.spec.width, source.spec.height, QtCore.QByteArray(bytes(pixels)))
    try:
        scratch.node.setColorSpace(space.model, space.depth, space.profile)
        raw = scratch.node.pixelData(0, 0, source.spec.width, source.spec.height).data()
    finally:
        scratch.close()
    spec = ImageSpec(source.spec.height, source.spec.width, space.channels, space.dtype)
    return MemorySource(spec, in_protocol_order(space, raw))


class _Scratch:
    """A document without a view that holds one layer, for Krita to convert."""

    def __init__(self, space: ColorSpace, width: int, height: int, raw: Any) -> None:
        make = Krita.instance().createDocument
        self._document = make(width, height, "", space.model, space.depth, space.profile, _RESOLUTION)
        self._document.setBatchmode(True)
        self.node = self._document.createNode("", "paintlayer")
        self.node.setPixelData(raw, 0, 0, width, height)
        self._document.rootNode().addChildNode(self.node, None)

    def close(self) -> None:
        self._document.setModified(False)
        self._document.close()
