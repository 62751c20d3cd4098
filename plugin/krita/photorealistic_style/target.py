"""The result: a paint layer that the document does not know until it is whole."""

from __future__ import annotations

from typing import Any

from photostyle_plugin.errors import LayerChangedError
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import OutputError

from .color_space import ColorSpace
from .qt import QtCore
from .sources import NodeSource, SelectionSource, check_place, in_protocol_order


class LayerTarget:
    """A new layer directly above another one.

    Args:
        document: Where it goes.
        node: The layer that it goes above.
        source: What was read of that layer; the result has its place and its colour space.
        name: Of the new layer.
        limit: Selection that becomes a transparency mask, or ``None``.

    Raises:
        TargetGoneError: The document or the layer is gone.
    """

    def __init__(self, document: Any, node: Any, source: NodeSource, name: str, limit: SelectionSource | None) -> None:
        self._document = document
        self._above = node
        self._source = source
        self._limit = limit
        self._name = name
        self._check_place()
        self._layer = self._new_layer()

    def write(self, first: int, count: int, pixels: Any) -> None:
        """Put some rows in.

        Raises:
            OutputError: Their length is not that of the rows.
        """
        spec, area = self._source.spec, self._source.area
        if len(pixels) != count * spec.row_bytes:
            # Krita itself would write nothing and say nothing.
            raise OutputError(f"{count} rows have {len(pixels)} bytes instead of {count * spec.row_bytes}.")
        raw = QtCore.QByteArray(bytes(in_protocol_order(self._source.space, pixels)))
        self._layer.setPixelData(raw, area.x(), area.y() + first, area.width(), count)

    def commit(self) -> None:
        """Insert the layer, as one step to undo.

        Raises:
            TargetGoneError: The document was closed, or the layer was removed.
            LayerChangedError: It was converted to another colour space.
        """
        self._check_place()
        if self._limit is not None:
            mask = self._document.createTransparencyMask(Words.mask_name)
            mask.setSelection(self._limit.selection)
            self._layer.addChildNode(mask, None)
        self._above.parentNode().addChildNode(self._layer, self._above)

    def discard(self) -> None:
        """Forget the layer; nothing of it is in the document."""
        self._layer = None

    def _check_place(self) -> None:
        check_place(self._document, self._above)
        if ColorSpace.of(self._above) != self._source.space:
            raise LayerChangedError

    def _new_layer(self) -> Any:
        if ColorSpace.of(self._document) == self._source.space:
            return self._document.createNode(self._name, "paintlayer")
        return self._plain_copy()

    def _plain_copy(self) -> Any:
        """A layer of the node's own colour space, which is not the document's: Krita makes those only by copying."""
        layer = self._above.duplicate()
        for child in layer.childNodes():
            child.remove()
        layer.setName(self._name)
        layer.setOpacity(255)
        layer.setBlendingMode("normal")
        return layer
