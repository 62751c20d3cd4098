"""A small editor in memory: an image with layers, a selection, undo, and the picture that an adapter would read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photostyle_plugin.errors import TargetGoneError
from photostyle_protocol.images import ImageSpec

Pixels = NDArray[Any]


def spec_of(pixels: Pixels) -> ImageSpec:
    """The shape of an array (H, W) or (H, W, C) on the wire."""
    height, width, channels = (*pixels.shape, 1)[:3]
    return ImageSpec(height, width, channels, pixels.dtype.name)


class ArraySource:
    """A picture that lies in an array."""

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self.reads = 0

    @property
    def spec(self) -> ImageSpec:
        return spec_of(self.pixels)

    def rows(self, first: int, count: int) -> bytes:
        self.reads += 1
        return self.pixels[first : first + count].tobytes()


@dataclass(eq=False)
class Document:
    """An open image.

    Attributes:
        layers: From the bottom to the top.
        selection: (H, W) uint8 like the lowest layer, or ``None``.
        undo: One entry for each step that a person could take back.
        is_open: Whether it has not been closed.
        drafts: Layers that are being written and are not in the image.
    """

    layers: list[Pixels]
    selection: Pixels | None = None
    undo: list[str] = field(default_factory=list)
    is_open: bool = True
    drafts: int = 0

    def target(self, above: int = 0) -> Callable[[ImageSpec], LayerTarget]:
        """Makes a new layer above one of the layers."""
        return lambda spec: LayerTarget(self, self.layers[above], spec)


class LayerTarget:
    """A layer that is not in the document yet."""

    def __init__(self, document: Document, below: Pixels, spec: ImageSpec) -> None:
        self.pixels = np.zeros(below.shape, below.dtype)
        assert spec_of(self.pixels) == spec
        self._document, self._below, self._next = document, below, 0
        document.drafts += 1

    def write(self, first: int, count: int, pixels: bytes) -> None:
        assert type(pixels) is bytes
        assert first == self._next, "rows come in order"
        self._next = first + count
        rows = self.pixels[first : first + count]
        rows[...] = np.frombuffer(pixels, rows.dtype).reshape(rows.shape)

    def commit(self) -> None:
        if not self._document.is_open:
            raise TargetGoneError("The image was closed in the meantime.")
        places = [index for index, layer in enumerate(self._document.layers) if layer is self._below]
        if not places:
            raise TargetGoneError("The layer is not there any more.")
        assert self._next == len(self.pixels), "all rows were written"
        self._document.layers.insert(places[0] + 1, self.pixels)
        self._document.undo.append("Photorealistic Style")
        self._document.drafts -= 1

    def discard(self) -> None:
        self._document.drafts -= 1
