"""Krita's pixels as the sources that a transfer reads. Everything here is called on Krita's own thread."""

from __future__ import annotations

from typing import Any

from krita import Krita
from photostyle_plugin.errors import TargetGoneError
from photostyle_plugin.pixelbytes import swap_red_blue
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadImageError
from photostyle_protocol.images import DTYPE_BYTES, ImageSpec

from .color_space import ColorSpace
from .qt import QtCore
from .sentences import Sentences

_MASKS = ("transparencymask", "filtermask", "transformmask", "selectionmask", "colorizemask")
_UNBOUNDED = ("filterlayer", "filllayer", "vectorlayer")
"""Layers whose extent Krita does not tell; they count as large as the canvas."""


def is_open(document: Any) -> bool:
    """Whether a document is still open."""
    return any(each == document for each in Krita.instance().documents())


def check_place(document: Any, layer: Any) -> None:
    """Refuse a document that was closed, or a layer that is not in it any more.

    Raises:
        TargetGoneError: It is gone.
    """
    if not is_open(document):
        raise TargetGoneError(Words.image_gone)
    if document.nodeByUniqueID(layer.uniqueId()) is None:
        raise TargetGoneError(Words.layer_gone)


def layer_of(node: Any) -> Any:
    """The layer that a mask belongs to; a layer itself."""
    while node is not None and node.type() in _MASKS:
        node = node.parentNode()
    return node


def area_of(node: Any, document: Any) -> Any:
    """The rectangle of a layer's pixels in the document's coordinates, a `QRect`; it may exceed the canvas.

    Raises:
        BadImageError: The layer is empty.
    """
    area = document.bounds() if node.type() in _UNBOUNDED else node.bounds()
    if area.isEmpty():
        raise BadImageError(Sentences.empty_layer.format(name=node.name()), Sentences.empty_layer_hint)
    return QtCore.QRect(area)


class NodeSource:
    """The pixels of a layer, as they were when this was made, in the layer's own colour space.

    A paint layer gives its own pixels; every other type gives what it shows.

    Args:
        node: The layer.
        area: Which part, see `area_of`.

    Raises:
        BadImageError: The colour space is none that can be stylized.
        PictureTooLargeError: It has more pixels than the limit.
    """

    def __init__(self, node: Any, area: Any) -> None:
        self.space = ColorSpace.of(node)
        self.space.check()
        self.area = area
        self.spec = ImageSpec(area.height(), area.width(), self.space.channels, self.space.dtype)
        # A copy outside the document costs nothing until the person paints on.
        self._read = node.duplicate().pixelData if node.type() == "paintlayer" else node.projectionPixelData

    def rows(self, first: int, count: int) -> bytes | memoryview:
        """Some rows, colours in the order red, green, blue."""
        raw = self._read(self.area.x(), self.area.y() + first, self.area.width(), count)
        return in_protocol_order(self.space, _checked(raw, count * self.spec.row_bytes))


class DocumentSource:
    """What a document shows, as large as its canvas.

    Raises:
        BadImageError: The colour space is none that can be stylized.
    """

    def __init__(self, document: Any) -> None:
        self.space = ColorSpace.of(document)
        self.space.check()
        self.spec = ImageSpec(document.height(), document.width(), self.space.channels, self.space.dtype)
        self._document = document

    def rows(self, first: int, count: int) -> bytes | memoryview:
        """Some rows, colours in the order red, green, blue."""
        raw = self._document.pixelData(0, first, self.spec.width, count)
        return in_protocol_order(self.space, _checked(raw, count * self.spec.row_bytes))


class SelectionSource:
    """How much each pixel of an area is selected, as it was when this was made: 0 to 255.

    Args:
        selection: Of a document.
        area: Which part of the document.
    """

    def __init__(self, selection: Any, area: Any) -> None:
        self.area = area
        self.spec = ImageSpec(area.height(), area.width(), 1, "uint8")
        self.selection = selection.duplicate()

    def rows(self, first: int, count: int) -> bytes:
        """Some rows."""
        raw = self.selection.pixelData(self.area.x(), self.area.y() + first, self.area.width(), count)
        return _checked(raw, count * self.spec.row_bytes)


def in_protocol_order(space: ColorSpace, pixels: bytes | memoryview) -> bytes | memoryview:
    """Krita's bytes with red first, or such bytes as Krita wants them: the exchange is its own inverse."""
    return swap_red_blue(pixels, DTYPE_BYTES[space.dtype]) if space.blue_first else pixels


def _checked(raw: Any, length: int) -> bytes:
    if len(raw) != length:
        raise BadImageError(Words.wrong_length.format(got=len(raw), wanted=length), Words.layer_changed_hint)
    return bytes(raw.data())


def selection_of(document: Any, area: Any) -> SelectionSource | None:
    """The document's selection over an area, or ``None`` where nothing is selected at all."""
    selection = document.selection()
    return None if selection is None else SelectionSource(selection, area)
