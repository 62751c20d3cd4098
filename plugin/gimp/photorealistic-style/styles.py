"""The style picture: a file that GIMP loads, an open image or a layer, in the colour space of the content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from arguments import STYLE, STYLE_IMAGE, STYLE_LAYER
from gi.repository import Gimp
from leftovers import held
from sentences import Sentences

from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadImageError, BadInputError
from photostyle_protocol.look_file import LookFile, is_look, read_look


@dataclass(frozen=True)
class Style:
    """A style picture that is open.

    Attributes:
        name: What it is called, without the file's extension.
        drawable: Its pixels; not to be changed. ``None`` for a look.
        selection: The selection on it as a mask of its size; ``None`` where nothing is selected.
        look: A look, which has no pixels; ``None`` for a picture.
    """

    name: str
    drawable: Any
    selection: Any | None
    look: LookFile | None = None


@contextmanager
def open_style(config: Any) -> Iterator[Style]:
    """The style that the arguments name, for as long as it is needed; nothing of it is left in GIMP.

    Raises:
        BadInputError: None is named, it is gone, or the file cannot be read.
    """
    layer, image, file = (config.get_property(name) for name in (STYLE_LAYER, STYLE_IMAGE, STYLE))
    if layer is not None:
        with _opened_layer(layer, layer.get_name()) as style:
            yield style
    elif image is not None:
        with _opened_image(image) as style:
            yield style
    elif file is not None:
        with _opened_file(file) as style:
            yield style
    else:
        raise BadInputError(Words.no_style, Words.no_style_hint)


@contextmanager
def _opened_file(file: Any) -> Iterator[Style]:
    path = file.get_path() or ""
    if is_look(path):
        yield Style(PurePath(path).stem, None, None, read_look(path))
        return
    with held(_load(file)) as image, _opened_image(image, PurePath(file.get_basename()).stem) as style:
        yield style


@contextmanager
def _opened_image(image: Any, name: str | None = None) -> Iterator[Style]:
    if not image.is_valid():
        raise BadInputError(Sentences.style_gone, Words.no_style_hint)
    name = name or _name_of(image)
    layers = image.get_layers()
    if len(layers) == 1 and _is_plain(layers[0], image):
        with _opened_layer(layers[0], name) as style:
            yield style
        return
    visible = Gimp.Layer.new_from_visible(image, image, name)
    with held(visible), _selected(image, visible) as selection:
        yield Style(name, visible, selection)


@contextmanager
def _opened_layer(layer: Any, name: str) -> Iterator[Style]:
    """A layer as it is now; of a group or a text, which cannot be copied as pixels, as it is when it is read."""
    if not layer.is_valid():
        raise BadInputError(Sentences.style_gone, Words.no_style_hint)
    copy = held(layer.copy()) if type(layer) is Gimp.Layer else nullcontext(layer)
    with copy as drawable, _selected(layer.get_image(), drawable) as selection:
        yield Style(name, drawable, selection)


@contextmanager
def _selected(image: Any, layer: Any) -> Iterator[Any | None]:
    """The image's selection as a mask for one of its layers, also for one that is not in it."""
    if Gimp.Selection.is_empty(image):
        yield None
        return
    with held(layer.create_mask(Gimp.AddMaskType.SELECTION)) as mask:
        yield mask


def _name_of(image: Any) -> str:
    file = image.get_file() or image.get_imported_file()
    return PurePath(file.get_basename()).stem if file is not None else str(image.get_name())


def _is_plain(layer: Any, image: Any) -> bool:
    """Whether the layer alone is what the image shows."""
    size = (layer.get_width(), layer.get_height()) == (image.get_width(), image.get_height())
    _, x, y = layer.get_offsets()
    looks = layer.get_opacity() == 100.0 and layer.get_visible() and layer.get_mask() is None
    return type(layer) is Gimp.Layer and looks and size and (x, y) == (0, 0) and not layer.get_filters()


def _load(file: Any) -> Any:
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    if image is None:
        why = Gimp.get_pdb().get_last_error()
        raise BadImageError(
            Sentences.style_unreadable.format(name=file.get_parse_name(), why=why), Sentences.style_unreadable_hint
        )
    # Loading leaves a photograph as the camera held it.
    image.policy_rotate(False)
    return image
