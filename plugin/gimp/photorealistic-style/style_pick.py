"""Which picture the style comes from: a file, or an image or a layer that is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from arguments import STYLE, STYLE_IMAGE, STYLE_LAYER
from dialog_words import DialogWords
from gi.repository import GdkPixbuf, Gimp, Gio, GLib

from photostyle_protocol.errors import BadLookError
from photostyle_protocol.look_file import LookFile, is_look, read_look

STYLES = (STYLE_LAYER, STYLE_IMAGE, STYLE)
_CHECKS = Gimp.PixbufTransparency.SMALL_CHECKS


@dataclass(frozen=True)
class StylePick:
    """The style picture that the person chose; exactly one of the three is given, the others are ``None``.

    Attributes:
        file: A `Gio.File`.
        layer: A `Gimp.Layer` of any open image.
        image: An open `Gimp.Image`, as it is seen.
    """

    file: Any = None
    layer: Any = None
    image: Any = None

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.file is not None:
            return file_name(self.file)
        return str(self.layer.get_name() if self.layer is not None else self.image.get_name())

    @property
    def is_look(self) -> bool:
        """Whether it is a saved look, by the name of its file."""
        return self.file is not None and is_look(self.file.get_path() or "")

    @property
    def owner(self) -> Gimp.Image | None:
        """The open image whose selection may limit the style."""
        return self.layer.get_image() if self.layer is not None else self.image

    def thumbnail(self, width: int, height: int) -> GdkPixbuf.Pixbuf | None:
        """A small picture of at most this size; ``None`` where only GIMP could read the file."""
        if self.file is not None:
            return file_thumbnail(self.file, width, height)
        item = self.layer or self.image
        shown = _fitted(item.get_width(), item.get_height(), width, height)
        return item.get_thumbnail(*shown, _CHECKS)

    def details(self) -> str:
        """Where it is, for the line below the name."""
        if self.file is not None:
            folder = self.file.get_parent()
            return str(folder.get_parse_name()) if folder else ""
        if self.layer is not None:
            return DialogWords.layer_of.format(image=self.layer.get_image().get_name())
        return DialogWords.open_image.format(width=self.image.get_width(), height=self.image.get_height())

    def write_to(self, config: Any) -> None:
        """Make it the style of this procedure config."""
        with config.freeze_notify():
            config.set_property(STYLE, self.file)
            config.set_property(STYLE_IMAGE, self.image)
            config.set_property(STYLE_LAYER, self.layer)


def pick_of(config: Any) -> StylePick | None:
    """What a procedure config has as its style, if that is still there."""
    layer, image, file = (config.get_property(name) for name in STYLES)
    if layer is not None and layer.is_valid():
        return StylePick(layer=layer)
    if image is not None and image.is_valid():
        return StylePick(image=image)
    return StylePick(file=file) if file is not None else None


def file_name(file: Gio.File) -> str:
    """The name of a file without its folder."""
    return str(GLib.filename_display_basename(file.get_parse_name()))


def file_thumbnail(file: Gio.File, width: int, height: int) -> GdkPixbuf.Pixbuf | None:
    """A small picture of a file, turned as its camera says; ``None`` where it cannot be read so quickly."""
    path = file.get_path()
    try:
        if path and is_look(path):
            return _shrunk(look_pixbuf(read_look(path)), width, height)
        found = GdkPixbuf.Pixbuf.new_from_file_at_scale(path, width, height, True) if path else None
    except (GLib.Error, BadLookError):
        return None
    return found.apply_embedded_orientation() if found else None


def look_pixbuf(look: LookFile) -> GdkPixbuf.Pixbuf:
    """What a look comes from.

    Raises:
        BadLookError: Its thumbnail is damaged.
    """
    stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(look.thumbnail))
    try:
        return GdkPixbuf.Pixbuf.new_from_stream(stream, None)
    except GLib.Error as error:
        raise BadLookError(f"The thumbnail of the look {look.name} is damaged.", "Save the look again.") from error


def open_pictures() -> Iterator[tuple[StylePick, int]]:
    """All open images and their layers, as (pick, depth in the tree)."""
    for image in Gimp.get_images():
        yield StylePick(image=image), 0
        layers = image.get_layers()
        if len(layers) > 1 or (layers and layers[0].is_group()):
            yield from _layers(layers, 1)


def _layers(layers: list[Gimp.Layer], depth: int) -> Iterator[tuple[StylePick, int]]:
    for layer in layers:
        yield StylePick(layer=layer), depth
        if layer.is_group():
            yield from _layers(layer.get_children(), depth + 1)


def _shrunk(picture: GdkPixbuf.Pixbuf, width: int, height: int) -> GdkPixbuf.Pixbuf:
    size = _fitted(picture.get_width(), picture.get_height(), width, height)
    return picture.scale_simple(*size, GdkPixbuf.InterpType.BILINEAR)


def _fitted(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    scale = min(most_width / width, most_height / height, 1.0)
    return max(1, round(width * scale)), max(1, round(height * scale))
