"""The arguments of the procedure, which scripts rely on: their names and their order stay as they are."""

from __future__ import annotations

from typing import Any

from gi.repository import Gimp, Gio, GObject
from mnemonics import Mnemonics
from sentences import Sentences

from photostyle_plugin.choices import WORDS, Choices
from photostyle_plugin.methods import METHODS, MethodChoice, OptionChoice
from photostyle_plugin.texts import Words
from photostyle_protocol.request import Scalar

STYLE, STYLE_IMAGE, STYLE_LAYER = "style", "style-image", "style-layer"
"""Where the style comes from; of several the later one in this line counts."""

_FIELDS = {
    "apply-to": "area",
    "limit": "limit",
    "style-area": "style_area",
    "method": "method",
    "strength": "strength",
    "keep-luminance": "keep_luminance",
    "detail": "detail",
    "match-areas": "match_areas",
}
"""Argument and the field of `Choices` that it is."""

_WRITABLE = GObject.ParamFlags.READWRITE


def add_arguments(procedure: Any) -> None:
    """Give the procedure its arguments and its return value, the new layer."""
    _add_styles(procedure)
    keys = Mnemonics()
    _add_places(procedure, keys)
    _add_look(procedure, keys)
    for method in METHODS:
        for option in method.options:
            _add_option(procedure, option_argument(method, option), option)
    # Without a key: English has one letter left after these, and "Choose a file…" needs it.
    procedure.add_boolean_argument("match-areas", Words.match_areas, Words.match_areas_tip, False, _WRITABLE)
    procedure.add_layer_return_value("layer", Sentences.layer, Sentences.layer_tip, True, _WRITABLE)


def option_argument(method: MethodChoice, option: OptionChoice) -> str:
    """The name of the argument for an option of a method, such as ``rest-form``."""
    return f"{method.name}-{option.name}"


def choices_of(config: Any) -> Choices:
    """What the arguments say."""
    method = config.get_property("method")
    options = {
        option.name: _value(config.get_property(option_argument(choice, option)), option)
        for choice in METHODS
        if choice.name == method
        for option in choice.options
    }
    values = {field: config.get_property(argument) for argument, field in _FIELDS.items()}
    return Choices(**values, options=options)


def store_choices(config: Any, choices: Choices) -> None:
    """Set the arguments to these choices; options that they do not name get their defaults."""
    for argument, field in _FIELDS.items():
        config.set_property(argument, getattr(choices, field))
    for method in METHODS:
        for option in method.options:
            given = choices.options if method.name == choices.method else {}
            argument = _argument(given.get(option.name, option.default), option)
            config.set_property(option_argument(method, option), argument)


def _argument(value: Scalar, option: OptionChoice) -> Any:
    """What the argument of an option is set to; the reverse of `_value`."""
    if option.is_file:
        return Gio.File.new_for_path(value) if value else None
    return value


def _value(argument: Any, option: OptionChoice) -> Scalar:
    """An argument as the engine takes it: a file by its path, none as an empty one."""
    if option.is_file:
        return (argument.get_path() or "") if argument else ""
    return argument  # type: ignore[no-any-return]


def _add_styles(procedure: Any) -> None:
    # Not OPEN: of a file that is missing GIMP would only say that a value is out of range.
    label, opening = Words.style_picture, Gimp.FileChooserAction.ANY
    procedure.add_file_argument(STYLE, label, Sentences.style_file, opening, True, None, _WRITABLE)
    procedure.add_image_argument(STYLE_IMAGE, label, Sentences.style_image, True, _WRITABLE)
    procedure.add_layer_argument(STYLE_LAYER, label, Sentences.style_layer, True, _WRITABLE)


def _add_places(procedure: Any, keys: Mnemonics) -> None:
    areas = {"selection": Words.selection, "layer": Words.whole_layer}
    _add_choice(procedure, "apply-to", keys.mark(Words.apply_to), "", areas)
    limits = {"pixels": Words.limit_pixels, "mask": Words.limit_layer_mask}
    _add_choice(procedure, "limit", keys.mark(Words.limit), Words.limit_tip, limits)
    style_areas = {"all": Words.whole_picture, "selection": Words.its_selection}
    _add_choice(procedure, "style-area", keys.mark(Words.style_from), "", style_areas)


def _add_look(procedure: Any, keys: Mnemonics) -> None:
    methods = {method.name: method.label for method in METHODS}
    _add_choice(procedure, "method", keys.mark(Words.method), "", methods)
    procedure.add_double_argument("strength", keys.mark(Words.strength), Words.strength_tip, 0.0, 1.0, 1.0, _WRITABLE)
    keep, tip = keys.mark(Words.keep_luminance), Words.keep_luminance_tip
    procedure.add_boolean_argument("keep-luminance", keep, tip, False, _WRITABLE)
    details = {word: getattr(Words, f"detail_{word}") for word in WORDS["detail"]}
    _add_choice(procedure, "detail", keys.mark(Words.detail), Words.detail_tip, details)


def _add_choice(procedure: Any, name: str, label: str, tip: str, words: dict[str, str]) -> None:
    """An argument that is one of some words, the first by default."""
    choice = Gimp.Choice.new()
    for number, (word, shown) in enumerate(words.items()):
        choice.add(word, number, shown, "")
    procedure.add_choice_argument(name, label, tip, choice, next(iter(words)), _WRITABLE)


def _add_option(procedure: Any, name: str, option: OptionChoice) -> None:
    label, tip, default = option.label, option.help, option.default
    if option.choices:
        _add_choice(procedure, name, label, tip, {word: option.choice_label(word) for word in option.choices})
    elif option.is_file:
        procedure.add_file_argument(name, label, tip, Gimp.FileChooserAction.ANY, True, None, _WRITABLE)
    elif isinstance(default, int):
        procedure.add_int_argument(name, label, tip, option.minimum, option.maximum, default, _WRITABLE)
    else:
        procedure.add_double_argument(name, label, tip, option.minimum, option.maximum, default, _WRITABLE)
