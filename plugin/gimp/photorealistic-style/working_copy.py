"""A copy of the layer that is not in its image: what is read, written and, at the very end, inserted.

The copy shares its tiles with the layer, so it costs nothing until it is written. It stays as it is whatever the
person does to the layer meanwhile, and a plug-in that is killed leaves the image as it was.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from gi.repository import Gegl, Gimp
from sources import rectangle

from photostyle_plugin.errors import TargetGoneError
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadMaskError


class WorkingCopy:
    """A layer and the selection on it, as they were when this was made. Use it as a context manager.

    Args:
        layer: A grey or colour layer or group in an image.
        with_selection: Whether the image's selection matters.

    Attributes:
        layer: The original.
        copy: The copy, with the original's own layer mask.
        selection: The selection as a mask of the layer's size; ``None`` where there is none.

    Raises:
        BadMaskError: There is a selection, but it does not touch the layer.
    """

    def __init__(self, layer: Any, with_selection: bool) -> None:
        self.layer = layer
        self._image = layer.get_image()
        wanted = with_selection and not Gimp.Selection.is_empty(self._image)
        if wanted and not layer.mask_intersect()[0]:
            raise BadMaskError(Words.selects_nothing, Words.selects_nothing_hint)
        self.copy = layer.copy() if type(layer) is Gimp.Layer else _flattened(layer)
        self._loose = [self.copy]
        self.selection = self.copy.create_mask(Gimp.AddMaskType.SELECTION) if wanted else None
        if self.selection is not None:
            self._loose.append(self.selection)

    def __enter__(self) -> WorkingCopy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def hide_unselected(self) -> None:
        """Limit what is seen of the copy to the selection by a layer mask, on top of a mask that it has."""
        if self.selection is None:
            return
        own = self.copy.get_mask()
        if own is not None:
            _multiply(own, self.selection)
        elif self.copy.add_mask(self.selection):
            self._loose.remove(self.selection)

    def insert(self, name: str) -> None:
        """Put the copy directly above the layer, in one undo step.

        Raises:
            TargetGoneError: The image was closed, or the layer deleted.
        """
        self._check()
        self._dress(name)
        self._image.undo_group_start()
        try:
            position = self._image.get_item_position(self.layer)
            inserted = self._image.insert_layer(self.copy, self.layer.get_parent(), position)
        finally:
            self._image.undo_group_end()
        if not inserted:
            raise TargetGoneError(Words.layer_gone)
        self._loose.remove(self.copy)
        Gimp.displays_flush()

    def close(self) -> None:
        """Delete what was not put into the image."""
        while self._loose:
            item = self._loose.pop()
            if item.is_valid():
                item.delete()

    def _check(self) -> None:
        if not self._image.is_valid():
            raise TargetGoneError(Words.image_gone)
        if not self.layer.is_valid() or not self._holds(self.layer):
            raise TargetGoneError(Words.layer_gone)

    def _holds(self, layer: Any) -> bool:
        """A deleted layer stays valid as long as it can be undone; it is in the image only if it has a place there."""
        parent = layer.get_parent()
        siblings = parent.get_children() if parent is not None else self._image.get_layers()
        inside = any(layer.get_id() == sibling.get_id() for sibling in siblings)
        return inside and (parent is None or self._holds(parent))

    def _dress(self, name: str) -> None:
        """Whatever the original was, the result is seen as it is: normal, opaque, visible, unlocked."""
        self.copy.set_name(name)
        self.copy.set_mode(Gimp.LayerMode.NORMAL)
        self.copy.set_opacity(100.0)
        self.copy.set_visible(True)
        for unlock in (self.copy.set_lock_content, self.copy.set_lock_alpha, self.copy.set_lock_position):
            unlock(False)


def _flattened(layer: Any) -> Any:
    """The pixels of a group, a text or another layer that makes its own, in a plain layer with the same mask."""
    width, height = layer.get_width(), layer.get_height()
    image, kind = layer.get_image(), layer.type()
    copy = Gimp.Layer.new(image, layer.get_name(), width, height, kind, 100.0, Gimp.LayerMode.NORMAL)
    _, x, y = layer.get_offsets()
    copy.set_offsets(x, y)
    _copy_pixels(layer, copy)
    if layer.get_mask() is not None:
        mask = copy.create_mask(Gimp.AddMaskType.WHITE)
        _copy_pixels(layer.get_mask(), mask)
        copy.add_mask(mask)
    return copy


def _copy_pixels(source: Any, target: Any) -> None:
    area = rectangle(0, 0, target.get_width(), target.get_height())
    buffer = target.get_buffer()
    source.get_buffer().copy(area, Gegl.AbyssPolicy.NONE, buffer, area)
    buffer.flush()


def _multiply(mask: Any, factor: Any) -> None:
    """Multiply a mask by another of its size, in GEGL."""
    graph, buffer = Gegl.Node(), mask.get_buffer()
    first, second = (_node(graph, "gegl:buffer-source", buffer=part.get_buffer()) for part in (mask, factor))
    product = _node(graph, "gegl:multiply")
    output = _node(graph, "gegl:write-buffer", buffer=buffer)
    first.link(product)
    second.connect_to("output", product, "aux")
    product.link(output)
    output.process()
    buffer.flush()


def _node(graph: Any, operation: str, **properties: Any) -> Any:
    node = graph.create_child(operation)
    for name, value in properties.items():
        node.set_property(name, value)
    return node
