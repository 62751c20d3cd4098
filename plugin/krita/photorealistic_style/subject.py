"""What the style is put on: a layer of an open document."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from krita import Krita
from photostyle_plugin.choices import Choices
from photostyle_plugin.picture import Source, Target
from photostyle_plugin.texts import Words
from photostyle_plugin.transfer import Inputs
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.images import ImageSpec

from . import proxies
from .color_space import ColorSpace
from .images import ImageSource, grey_source
from .sentences import Sentences
from .sources import NodeSource, SelectionSource, area_of, check_place, is_open, layer_of
from .styles import LookStyle, Style
from .target import LayerTarget

_FINGERPRINT = 24


class Subject:
    """A layer and its document.

    Args:
        document: An open document.
        layer: One of its layers.
    """

    def __init__(self, document: Any, layer: Any) -> None:
        self.document = document
        self.layer = layer

    @classmethod
    def active(cls) -> Subject:
        """The active layer of the active document; of a mask, the layer that it belongs to.

        Raises:
            BadInputError: There is none.
        """
        document = Krita.instance().activeDocument()
        layer = None if document is None else layer_of(document.activeNode())
        if layer is None:
            raise BadInputError(Sentences.no_layer, Sentences.no_layer_hint)
        return cls(document, layer)

    @property
    def name(self) -> str:
        """The layer's name."""
        return str(self.layer.name())

    def fingerprint(self) -> tuple[Any, ...]:
        """Something that changes when the layer, its pixels or the selection do, as far as a glance can tell.

        Raises:
            TargetGoneError: The document or the layer is gone.
        """
        check_place(self.document, self.layer)
        glance = self.layer.thumbnail(_FINGERPRINT, _FINGERPRINT)
        place = self.layer.bounds().getRect()
        return self.layer.uniqueId().toString(), place, _bits(glance), _lines(self.document.selection())

    def has_selection(self) -> bool:
        """Whether anything is selected in the document."""
        return is_open(self.document) and self.document.selection() is not None

    def inputs(self, style: Style | None, choices: Choices) -> tuple[Inputs, Callable[[ImageSpec], Target]]:
        """Everything that a transfer needs, as it is now; without a style a file takes its place.

        Raises:
            PhotostyleError: The layer or the style cannot be used.
        """
        check_place(self.document, self.layer)
        content = NodeSource(self.layer, area_of(self.layer, self.document))
        selection = self._selection(content.area)
        source, mask = (None, None) if style is None else (style.source(content.space), style.selection())
        is_look, is_linear = isinstance(style, LookStyle), content.space.is_linear
        inputs = Inputs(content, source, selection, mask, choices, is_linear, is_look)
        limit = selection if (choices.area, choices.limit) == ("selection", "mask") else None
        name = Words.layer_name.format(name=choices.look_name(style.name if style else ""))
        return inputs, partial(_target, self.document, self.layer, content, name, limit)

    def proxy(self, side: int) -> tuple[Any, Source, Source | None]:
        """For the preview: a small `QImage` in sRGB, the same as a source, and its selection.

        Raises:
            PhotostyleError: The layer cannot be used.
        """
        area = area_of(self.layer, self.document)
        space = ColorSpace.of(self.layer)
        space.check()
        size = proxies.proxy_size(area.width(), area.height(), side)
        image = proxies.layer_image(self.layer, area, size)
        selection = self._selection(area)
        small = None if selection is None else proxies.selection_proxy(selection, size)
        # Grey stays grey, as in the layer itself.
        source = grey_source(image) if space.model == "GRAYA" else ImageSource(image)
        return image, source, small

    def _selection(self, area: Any) -> SelectionSource | None:
        selection = self.document.selection()
        return None if selection is None else SelectionSource(selection, area)


def _target(
    document: Any, layer: Any, content: NodeSource, name: str, limit: SelectionSource | None, spec: ImageSpec
) -> LayerTarget:
    return LayerTarget(document, layer, content, name, limit)


def _lines(selection: Any | None) -> tuple[Any, ...]:
    """A few lines of a selection."""
    if selection is None:
        return ()
    left, top, width, height = selection.x(), selection.y(), selection.width(), selection.height()
    step = max(1, height // _FINGERPRINT)
    lines = [selection.pixelData(left, y, width, 1).data() for y in range(top, top + height, step)]
    return left, top, width, height, *lines


def _bits(image: Any) -> bytes:
    source = ImageSource(image)
    return bytes(source.rows(0, source.spec.height))
