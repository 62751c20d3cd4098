"""A layer and the selection on it as they were at one moment, whatever the person does meanwhile."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from gi.repository import Gegl, Gimp
from leftovers import drop, hold, release
from sources import rectangle

from photostyle_plugin.errors import TargetGoneError
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadMaskError


class Snapshot:
    """Copies of a layer and of the selection that are not in the image. Use it as a context manager.

    They share their tiles with the originals, so they cost next to nothing.

    Args:
        layer: A grey or colour layer or group in an image.
        with_selection: Whether the image's selection matters.

    Attributes:
        layer: The original.
        image: Its image.
        copy: A plain layer with the original's pixels, offsets and layer mask.
        selection: The selection as a mask of the layer's size; ``None`` where there is none.

    Raises:
        TargetGoneError: The layer has been deleted.
        BadMaskError: There is a selection, but it does not touch the layer.
    """

    def __init__(self, layer: Any, with_selection: bool) -> None:
        if not is_in_image(layer):
            raise TargetGoneError(Words.layer_gone)
        self.layer = layer
        self.image = layer.get_image()
        wanted = with_selection and not Gimp.Selection.is_empty(self.image)
        if wanted and not layer.mask_intersect()[0]:
            raise BadMaskError(Words.selects_nothing, Words.selects_nothing_hint)
        self.copy = layer.copy() if type(layer) is Gimp.Layer else _flattened(layer)
        hold(self.copy)
        self.selection = self.copy.create_mask(Gimp.AddMaskType.SELECTION) if wanted else None
        if self.selection is not None:
            hold(self.selection)

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        drop(self.copy)
        if self.selection is not None:
            drop(self.selection)

    def take_selection(self) -> Any:
        """The selection, to be made a layer's mask; it is not the snapshot's any more."""
        selection, self.selection = self.selection, None
        release(selection)
        return selection


def is_in_image(layer: Any) -> bool:
    """Whether the layer has a place in its image; a deleted one stays valid for as long as that can be undone."""
    if not layer.is_valid():
        return False
    parent = layer.get_parent()
    siblings = layer.get_image().get_layers() if parent is None else parent.get_children()
    inside = any(layer.get_id() == sibling.get_id() for sibling in siblings)
    return inside and (parent is None or is_in_image(parent))


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
