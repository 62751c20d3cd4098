"""The result on its way into a new layer, row by row, and into the image."""

from __future__ import annotations

from typing import Any

from formats import carries_bits, carrying
from gi.repository import Babl, Gimp
from masks import multiply
from sentences import Sentences
from snapshot import Snapshot, is_in_image
from sources import rectangle
from splicing import Splicer

from photostyle_plugin.errors import TargetGoneError
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadImageError


class LayerTarget:
    """A layer that is not in the image until `commit`; until then nothing of it is seen, even if the plug-in is killed.

    Args:
        snapshot: Where the original pixels are.
        name: Of the new layer.
        by_mask: Limit the result to the selection by a layer mask; otherwise it comes limited.

    Attributes:
        layer: The new layer.
    """

    def __init__(self, snapshot: Snapshot, name: str, by_mask: bool) -> None:
        self.layer = _dressed(snapshot.copy.copy(), name)
        self._snapshot = snapshot
        self._by_mask = by_mask and snapshot.selection is not None
        self._format = carrying(self.layer)
        self._width = self.layer.get_width()
        self._buffer = self.layer.get_buffer()
        kept = None if by_mask else snapshot.selection
        self._splicer = None if carries_bits(self.layer) else Splicer(snapshot.copy, self._format, kept)

    def write(self, first: int, count: int, pixels: bytes) -> None:
        """Take in some rows.

        Raises:
            BadImageError: The number of bytes is wrong; GEGL would only log it and write nothing.
        """
        wanted = self._width * count * self._format.pixel_bytes
        if len(pixels) != wanted:
            raise BadImageError(Words.wrong_length.format(got=len(pixels), wanted=wanted), Words.unexpected_hint)
        area = rectangle(0, first, self._width, count)
        if self._splicer is None:
            self._buffer.set(area, self._format.babl, bytes(pixels))
        else:
            self._buffer.set(area, self._splicer.name, self._splicer.spliced(first, count, pixels))

    def commit(self) -> None:
        """Put the layer directly above the original, in one undo step.

        Raises:
            TargetGoneError: The image was closed or converted, or the original deleted.
        """
        self._buffer.flush()
        self._check()
        self._follow()
        if self._by_mask:
            self._hide_unselected()
        image, original = self._snapshot.image, self._snapshot.layer
        image.undo_group_start()
        try:
            inserted = image.insert_layer(self.layer, original.get_parent(), image.get_item_position(original))
        finally:
            image.undo_group_end()
        if not inserted:
            raise TargetGoneError(Words.layer_gone)
        Gimp.displays_flush()

    def discard(self) -> None:
        """Let the layer go."""
        if self.layer.is_valid():
            self.layer.delete()

    def _check(self) -> None:
        if not self._snapshot.image.is_valid():
            raise TargetGoneError(Words.image_gone)
        original = self._snapshot.layer
        if not is_in_image(original):
            raise TargetGoneError(Words.layer_gone)
        if Babl.get_name(original.get_format()) != Babl.get_name(self.layer.get_format()):
            raise TargetGoneError(Sentences.converted)

    def _follow(self) -> None:
        """Lie on the original where that has been moved meanwhile."""
        original = self._snapshot.layer
        if (original.get_width(), original.get_height()) == (self.layer.get_width(), self.layer.get_height()):
            _, x, y = original.get_offsets()
            self.layer.set_offsets(x, y)

    def _hide_unselected(self) -> None:
        """Show the selected part only, on top of a mask that the layer has."""
        own = self.layer.get_mask()
        if own is None:
            self.layer.add_mask(self._snapshot.take_selection())
        else:
            multiply(own, self._snapshot.selection)


def _dressed(layer: Any, name: str) -> Any:
    """Whatever the original was, the result is seen as it is; and no pixel of a locked layer could be set."""
    for unlock in (layer.set_lock_content, layer.set_lock_alpha, layer.set_lock_position):
        unlock(False)
    layer.set_name(name)
    layer.set_mode(Gimp.LayerMode.NORMAL)
    layer.set_opacity(100.0)
    layer.set_visible(True)
    return layer
