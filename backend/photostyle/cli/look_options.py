"""What `stylize` and `batch` share: each option of a look is declared once, here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from photostyle.transfer.region_words import FORM

_REGIONS = "Colour-coded map of the {}: the same colour in both maps is the same region."

Strength = Annotated[float, typer.Option(help="How much of the look, 0 (none) to 1.")]
KeepLuminance = Annotated[bool, typer.Option("--keep-luminance", help="Take the colour, keep the light.")]
Mask = Annotated[Path | None, typer.Option(help="White is changed, black is kept to the bit, grey is in between.")]
ContentRegions = Annotated[Path | None, typer.Option(help=_REGIONS.format("content"))]
StyleRegions = Annotated[Path | None, typer.Option(help=_REGIONS.format("style"))]
Region = Annotated[
    list[str] | None,
    typer.Option(
        metavar=FORM,
        help="A region with a style of its own: MASK is a grey picture, or with --content-regions a colour of "
        "that map. May be repeated.",
    ),
]
Regions = Annotated[str, typer.Option(help="given, or auto: sky goes to sky, ground to ground, without any masks.")]
Method = Annotated[str, typer.Option(help="See: photostyle methods")]
MethodOption = Annotated[
    list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the method; may be repeated.")
]
Model = Annotated[
    Path | None, typer.Option(help="A trained style instead of STYLE, for --method johnson; see: photostyle train.")
]
Finish = Annotated[
    str,
    typer.Option(help="auto, grid (your photograph's own detail), guided (finest) or none (the raw output)."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]


def option_words(option: Sequence[str] | None, model: Path | None) -> list[str]:
    """The method's options as they were typed, the model among them."""
    return [*(option or []), *([f"model={model}"] if model else [])]
