"""What a person asked for on the command line, checked as far as that goes without opening a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photostyle_protocol.errors import BadInputError, BadOptionError
from photostyle_protocol.request import Scalar, Settings


@dataclass(frozen=True)
class Asked:
    """One ``photostyle stylize``.

    Attributes:
        content: The photograph to change.
        style: The photograph whose look is wanted.
        output: Where the result goes.
        settings: How to stylize.
        mask: The selection.
        regions: The content's and the style's colour-coded maps.
    """

    content: Path
    style: Path
    output: Path
    settings: Settings
    mask: Path | None = None
    regions: tuple[Path, Path] | None = None

    @property
    def inputs(self) -> list[Path]:
        """All files that are read."""
        return [self.content, self.style, *([self.mask] if self.mask else []), *(self.regions or ())]


def region_maps(content_map: Path | None, style_map: Path | None) -> tuple[Path, Path] | None:
    """Both maps or none.

    Raises:
        BadInputError: Only one is given.
    """
    if content_map is None and style_map is None:
        return None
    if content_map is None or style_map is None:
        lone, missing = ("style", "content") if content_map is None else ("content", "style")
        raise BadInputError(
            f"--{lone}-regions is given without --{missing}-regions.",
            "A region is a colour that both maps share: give both, or neither.",
        )
    return content_map, style_map


def method_options(given: Sequence[str]) -> dict[str, Scalar]:
    """``name=value`` words as options; the method knows which of them are numbers.

    Raises:
        BadOptionError: A word without ``=``, or a name given twice.
    """
    options: dict[str, Scalar] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise BadOptionError(f"--option {word} has no value.", "Write --option name=value.")
        if name in options:
            raise BadOptionError(f"--option {name} is given twice.", "Give it once.")
        options[name] = value
    return options


def check_settings(settings: Settings) -> None:
    """Refuse what no daemon would take; the method's own options cost loading torch and come last.

    Raises:
        UnknownMethodError: No method has this name.
        BadOptionError: A strength outside 0–1, an unknown finish or option, or a value out of its range.
    """
    from photostyle.methods import registry
    from photostyle.stylize import settings as settings_rules

    registry.check_name(settings.method)
    settings_rules.check_settings(settings)
    if settings.options:
        registry.load(settings.method).complete(settings.options)
