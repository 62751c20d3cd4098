"""What a person asked for on the command line, checked as far as that goes without opening a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photostyle.transfer.region_words import RegionWord
from photostyle_protocol.errors import BadInputError, BadOptionError
from photostyle_protocol.request import Scalar, Settings


@dataclass(frozen=True)
class Asked:
    """One ``photostyle stylize``.

    Attributes:
        content: The photograph to change.
        style: The photograph whose look is wanted, where no region says otherwise; ``None`` keeps the content there,
            or leaves the look to a trained style.
        output: Where the result goes.
        settings: How to stylize.
        mask: The selection.
        content_map: The content's colour-coded map.
        style_map: The style's; only with a map of the content and without `regions`.
        regions: Regions with styles of their own; with a map of the content they name its colours.
    """

    content: Path
    style: Path | None
    output: Path
    settings: Settings
    mask: Path | None = None
    content_map: Path | None = None
    style_map: Path | None = None
    regions: tuple[RegionWord, ...] = ()

    @property
    def has_model(self) -> bool:
        """Whether a trained style takes the photograph's place."""
        return "model" in self.settings.options

    @property
    def inputs(self) -> list[Path]:
        """All files that are read."""
        of_regions = [path for region in self.regions for path in (region.style, region.style_mask)]
        masks = [] if self.content_map else [Path(region.where) for region in self.regions]
        named = (self.content, self.style, self.mask, self.content_map, self.style_map, *of_regions, *masks)
        return [path for path in named if path is not None]

    def from_root(self) -> Asked:
        """The same with files named from the root, for whoever works in another folder."""
        return replace(
            self,
            content=self.content.expanduser().absolute(),
            style=_rooted(self.style),
            output=self.output.expanduser().absolute(),
            mask=_rooted(self.mask),
            content_map=_rooted(self.content_map),
            style_map=_rooted(self.style_map),
            regions=tuple(region.from_root(is_color=self.content_map is not None) for region in self.regions),
        )

    def check_regions(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            BadInputError: It says which options do.
        """
        if self.style is None and not self.regions and not self.has_model:
            raise BadInputError("No style is given.", "Name a photograph, or give regions theirs with --region.")
        if self.settings.regions == "auto" and (self.regions or self.content_map or self.style_map):
            raise BadInputError(
                "Regions are given, and --regions auto is to find them.", "Give regions, or let them be found."
            )
        if self.regions and self.style_map:
            raise BadInputError(
                "--region and --style-regions contradict each other.",
                "Where a region has a style of its own, a mask names the part of it: MASK=STYLE=STYLE_MASK.",
            )
        if not self.regions and (self.content_map is None) != (self.style_map is None):
            lone, missing = ("style", "content") if self.content_map is None else ("content", "style")
            raise BadInputError(
                f"--{lone}-regions is given without --{missing}-regions.",
                "A region is a colour that both maps share: give both, or neither; or give each colour of the "
                "content's map its style with --region.",
            )


def _rooted(path: Path | None) -> Path | None:
    return None if path is None else path.expanduser().absolute()


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


def checked(settings: Settings) -> Settings:
    """Refuse what no daemon would take; the method's own options cost loading torch and come last.

    Returns:
        The settings with files named from the root: a daemon works in another folder.

    Raises:
        UnknownMethodError: No method has this name.
        BadOptionError: A strength outside 0–1, an unknown finish or option, or a value out of its range.
    """
    from photostyle.methods import registry
    from photostyle.stylize import settings as settings_rules

    registry.check_name(settings.method)
    settings_rules.check_settings(settings)
    if not settings.options:
        return settings
    method = registry.load(settings.method)
    method.complete(settings.options)
    files = {option.name for option in method.options if option.is_file}
    named = {name: _from_root(value) if name in files else value for name, value in settings.options.items()}
    return replace(settings, options=named)


def _from_root(file: Scalar) -> str:
    return str(Path(str(file)).expanduser().absolute()) if file else ""
