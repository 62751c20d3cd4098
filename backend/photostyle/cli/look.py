"""``photostyle look``: the look of a photograph as a small file, and as a table of colours for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photostyle.cli import look_options as options
from photostyle.cli.display import display
from photostyle.transfer.asked import Asked, checked, method_options
from photostyle.transfer.export import LutFiles, export_luts
from photostyle.transfer.region_words import RegionWord
from photostyle.transfer.report import Report
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.request import Settings

if TYPE_CHECKING:
    from photostyle.stylize.global_map import GlobalMap
    from photostyle_protocol.look_file import LookFile

look = typer.Typer(
    help="Looks as files: what a style photograph is reduced to, wherever the photograph would be named; and LUTs.",
    epilog="A look goes where STYLE goes: photostyle stylize photo.jpg my.look -o out.png",
)
_SIZES = (17, 33, 65)


@look.command()
def save(
    style: Annotated[Path, typer.Argument(help="The photograph whose look is wanted.")],
    output: Annotated[Path, typer.Argument(metavar="LOOK", help="The file to write, such as my.look.")],
    mask: Annotated[Path | None, typer.Option(help="White is the part of the photograph that counts.")] = None,
    name: Annotated[str | None, typer.Option(help="What to call it; the file's name unless given.")] = None,
) -> None:
    """Save the look of a photograph: a few kB, without the photograph itself."""
    from photostyle.imaging.whole_file import check_place, write_whole
    from photostyle_protocol.look_file import SUFFIX

    check_place(output, [path for path in (style, mask) if path], SUFFIX)
    data = _reduced(style, mask, name or output.stem)
    write_whole(output, data)
    print(f"Wrote {output}, {len(data) / 1000:.1f} kB.")


def _reduced(style: Path, mask: Path | None, name: str) -> bytes:
    from photostyle.imaging.masks import read_mask
    from photostyle.imaging.profiles import into_srgb
    from photostyle.imaging.reading import read_picture

    picture = read_picture(style)
    picture = into_srgb(picture) if picture.has_unknown_space else picture
    part = read_mask(mask, picture.pixels) if mask else None
    from photostyle.stylize.engine import Engine
    from photostyle.stylize.save_look import make_look

    return make_look(picture.pixels, part, name, Engine.load("cpu").device, picture.space)


@look.command()
def show(
    file: Annotated[Path, typer.Argument(metavar="LOOK", help="A look.")],
) -> None:
    """Tell what is in a look."""
    from photostyle_protocol.look_file import read_look

    print("\n".join(_told(read_look(file))))


def _told(found: LookFile) -> list[str]:
    from photostyle.methods import registry
    from photostyle.models.store import expected_digests, home
    from photostyle_protocol.jpeg_size import jpeg_size
    from photostyle_protocol.look_file import FORMS, PALETTE

    width, height = jpeg_size(found.thumbnail)
    mean, lab = found.values["color.mean"], found.values["lab.mean"]
    red, green, blue = (f"{100 * value:.0f} %" for value in mean)
    readers = ", ".join(name for name in registry.names() if registry.load(name).reads_looks)
    lines = [
        f"{found.name}: a look, {len(found.data) / 1000:.1f} kB",
        f"  mean colour    red {red}, green {green}, blue {blue} (sRGB); L* {lab[0]:.0f}, a* {lab[1]:.0f}, "
        f"b* {lab[2]:.0f}",
        f"  palette        {PALETTE} colours",
        f"  picture        {width} × {height} pixels, for galleries",
        f"  read by        {readers}",
    ]
    for form in FORMS:
        model = f"{form}.safetensors"
        fits = found.checkpoints[form] == expected_digests(home(model)).get(model)
        told = "those of this program" if fits else "others than this program's; save it again for rest"
        lines.append(f"  {form:<14} {told}")
    return lines


@look.command()
def export(  # noqa: PLR0913, PLR0917 - each is an option that a person may type
    content: Annotated[Path, typer.Argument(help="A photograph that the table is to suit: a look depends on it.")],
    style: Annotated[Path | None, typer.Argument(help="The photograph whose look is wanted, or a look.")] = None,
    cube: Annotated[Path | None, typer.Option(help="Write a .cube file.")] = None,
    size: Annotated[int, typer.Option(help="Colours along each side of the .cube: 17, 33 or 65.")] = 33,
    hald: Annotated[Path | None, typer.Option(help="Write a HaldCLUT picture of level 8 (.png).")] = None,
    bits: Annotated[int, typer.Option(help="Of each channel of the HaldCLUT picture: 8 or 16.")] = 8,
    strength: options.Strength = Settings.strength,
    keep_luminance: options.KeepLuminance = Settings.keep_luminance,
    mask: Annotated[Path | None, typer.Option(help="White is the part of CONTENT that the table is to suit.")] = None,
    content_regions: options.ContentRegions = None,
    style_regions: options.StyleRegions = None,
    region: options.Region = None,
    regions: options.Regions = Settings.regions,
    method: options.Method = Settings.method,
    option: options.MethodOption = None,
    model: options.Model = None,
    finish: options.Finish = Settings.finish,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda:0 or mps.")] = "auto",
    quiet: options.Quiet = False,
) -> None:
    """Write the look as a table of colours (LUT) for other programs, as near to it as one table can be.

    The colours are sRGB, going in and coming out. What differs from place to place, a table cannot hold: it is told
    how far it is from the true result.
    """
    if cube is None and hald is None:
        raise BadOptionError("No file to write is named.", "Give --cube FILE.cube, --hald FILE.png, or both.")
    if size not in _SIZES or bits not in (8, 16):
        raise BadOptionError(f"The size is {size} and the bits are {bits}.", "Give 17, 33 or 65, and 8 or 16.")
    given = method_options(options.option_words(option, model))
    settings = Settings(method, strength, keep_luminance, finish, given, regions)
    words = tuple(RegionWord.parse(word) for word in region or [])
    asked = Asked(content, style, content, settings, mask, content_regions, style_regions, words)
    asked.check_regions()
    with display(quiet) as shown:
        files = LutFiles(cube, size, hald, bits)
        made = export_luts(replace(asked, settings=checked(settings)), files, device, Report(shown))
    if not quiet:
        for note in _notes(asked, made):
            print(f"note: {note}", file=sys.stderr)
        for path, found in made.items():
            print(f"Wrote {path}, {found.lattice.shape[-1]} colours a side, sRGB in and out. {_distance(found)}")


def _notes(asked: Asked, made: Mapping[Path, GlobalMap]) -> Iterator[str]:
    """What the person should know about a table that is no whole look."""
    if asked.regions or asked.content_map or asked.settings.regions == "auto":
        yield "A LUT knows colours and no places: the regions have become one map between them."
    elif not all(found.is_exact for found in made.values()):
        yield f"This look changes from place to place, which a LUT cannot hold: it is fitted to {asked.content.name}."


def _distance(found: GlobalMap) -> str:
    return f"From the true result: {found.mean:.2f} CIEDE2000 on average, 95 % within {found.most:.2f}."
