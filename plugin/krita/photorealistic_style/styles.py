"""The styles that a person can choose: a file, something pasted, another open image or one of its layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from krita import Krita
from photostyle_plugin.errors import TargetGoneError
from photostyle_plugin.looks import LookSource
from photostyle_plugin.picture import Source
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import PhotostyleError
from photostyle_protocol.look_file import LookFile, is_look, read_look

from . import images, proxies
from .color_space import ColorSpace
from .qt import QtCore
from .sources import DocumentSource, NodeSource, SelectionSource, area_of, check_place, is_open

_NAME_CHARACTERS = 40


@dataclass
class ImageStyle:
    """A picture that is no part of Krita: a file, or what was pasted.

    Attributes:
        name: Shown to the person, and part of the new layer's name.
        path: The file, empty where there is none.
        image: A `QImage` in sRGB; ``None`` while the file is being read.
    """

    name: str
    path: str = ""
    image: Any = field(default=None, compare=False)

    @classmethod
    def of_file(cls, path: str) -> ImageStyle:
        """A file that still has to be read."""
        return cls(Path(path).stem, path)

    def thumbnail(self, side: int) -> Any:
        """The picture with at most `side` pixels either way; null while it is not read."""
        return _fitting(self.image, side)

    def source(self, content: ColorSpace) -> Source:
        """The pixels in the colours of the content."""
        return _source_of_image(self.image, content)

    def proxy(self, side: int) -> Any:
        """A small `QImage` of it in sRGB."""
        return images.stretched(self.image, *proxies.proxy_size(self.image.width(), self.image.height(), side))

    def selection(self) -> SelectionSource | None:
        """A file has none."""
        return None

    def has_selection(self) -> bool:
        """Whether a part of it is selected."""
        return False


@dataclass
class OpenStyle:
    """An open image as it is seen, or one of its layers.

    Attributes:
        document: The image.
        node: The layer, or ``None`` for the image.
    """

    document: Any
    node: Any | None = None

    @property
    def name(self) -> str:
        """Shown to the person, and part of the new layer's name."""
        own = Path(self.document.fileName()).stem or self.document.name()
        name = own if self.node is None else self.node.name()
        return name[:_NAME_CHARACTERS] or Words.whole_picture

    def thumbnail(self, side: int) -> Any:
        """What it looks like, with at most `side` pixels either way; null when it is gone or empty."""
        try:
            return self.proxy(side)
        except PhotostyleError:
            return images.nothing()

    def source(self, content: ColorSpace) -> Source:
        """The pixels in the colours of the content.

        Raises:
            TargetGoneError: The image or the layer is gone.
            BadImageError: The layer is empty, or its colour space is none that can be stylized.
        """
        self._check()
        source = DocumentSource(self.document) if self.node is None else NodeSource(self.node, self._area())
        if source.space.model == "RGBA" and source.space.shows_like(content.for_style):
            return source
        return _source_of_image(self._image((source.spec.width, source.spec.height)), content)

    def proxy(self, side: int) -> Any:
        """A small `QImage` of it in sRGB.

        Raises:
            TargetGoneError: The image or the layer is gone.
            BadImageError: The layer is empty.
        """
        self._check()
        area = self._area()
        return self._image(proxies.proxy_size(area.width(), area.height(), side))

    def selection(self) -> SelectionSource | None:
        """What is selected in it, as large as `source`."""
        self._check()
        selection = self.document.selection()
        return None if selection is None else SelectionSource(selection, self._area())

    def has_selection(self) -> bool:
        """Whether a part of it is selected."""
        return is_open(self.document) and self.document.selection() is not None

    def _image(self, size: Any) -> Any:
        if self.node is None:
            return proxies.document_image(self.document, size)
        return proxies.layer_image(self.node, self._area(), size)

    def _area(self) -> Any:
        if self.node is None:
            return QtCore.QRect(0, 0, self.document.width(), self.document.height())
        return area_of(self.node, self.document)

    def _check(self) -> None:
        if not is_open(self.document):
            raise TargetGoneError(Words.image_gone)
        if self.node is not None:
            check_place(self.document, self.node)


@dataclass
class LookStyle:
    """A look: what a style picture was reduced to.

    Attributes:
        name: Shown to the person, and part of the new layer's name.
        path: The file.
        look: What is in it.
    """

    name: str
    path: str
    look: LookFile = field(compare=False)

    def thumbnail(self, side: int) -> Any:
        """What it comes from, with at most `side` pixels either way."""
        return images.look_thumbnail(self.look, side)

    def source(self, content: ColorSpace) -> Source:
        """The look, which says by itself which colours it means."""
        return LookSource(self.look)

    def selection(self) -> SelectionSource | None:
        """A look has none."""
        return None

    def has_selection(self) -> bool:
        """Whether a part of it is selected."""
        return False


Style = ImageStyle | OpenStyle | LookStyle


def open_styles(apart_from: Any) -> Iterator[OpenStyle]:
    """The other open images, each followed by its layers where it has several; then the other layers of this one.

    Args:
        apart_from: The active layer, or ``None``.
    """
    for document in Krita.instance().documents():
        layers = [node for node in document.topLevelNodes() if _is_picture(node)]
        others = [node for node in layers if apart_from is None or node.uniqueId() != apart_from.uniqueId()]
        if len(others) == len(layers):
            yield OpenStyle(document)
        if len(layers) > 1:
            yield from (OpenStyle(document, node) for node in reversed(others))


def _is_picture(node: Any) -> bool:
    return node.type() in proxies.HAVE_THUMBNAILS and not node.bounds().isEmpty()


def read_style(name: str, path: str) -> ImageStyle | LookStyle:
    """A file as a style. Safe in any thread.

    Raises:
        BadLookError: It is to be a look and is none.
        BadImageError: Qt cannot read it; Krita perhaps can.
    """
    if is_look(path):
        return LookStyle(name, path, read_look(path))
    return ImageStyle(name, path, images.read_image(path))


def open_with_krita(path: str) -> Any:
    """A file that Qt cannot read, as a `QImage` in sRGB, or a null image. Krita waits meanwhile."""
    application = Krita.instance()
    asks = not application.batchmode()
    application.setBatchmode(True)
    document = application.openDocument(path)
    application.setBatchmode(not asks)
    if document is None:
        return images.nothing()
    image = proxies.document_image(document, (document.width(), document.height()))
    document.setModified(False)
    document.close()
    return image


def _source_of_image(image: Any, content: ColorSpace) -> Source:
    wanted = content.for_style
    return images.ImageSource(image) if wanted.is_srgb else proxies.converted(image, wanted)


def _fitting(image: Any | None, side: int) -> Any:
    if image is None:
        return images.nothing()
    return images.stretched(image, *proxies.proxy_size(image.width(), image.height(), side))
