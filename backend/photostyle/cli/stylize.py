"""``photostyle stylize``: one photograph takes the look of another."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from photostyle.cli.display import display
from photostyle.cli.extras import Extras
from photostyle.transfer.asked import Asked, checked, method_options
from photostyle.transfer.region_words import FORM, RegionWord
from photostyle.transfer.report import Report
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.request import Settings

_REGIONS = "Colour-coded map of the {}: the same colour in both maps is the same region."
_Region = Annotated[
    list[str] | None,
    typer.Option(
        metavar=FORM,
        help="A region with a style of its own: MASK is a grey picture, or with --content-regions a colour of "
        "that map. May be repeated.",
    ),
]
_Model = Annotated[
    Path | None, typer.Option(help="A trained style instead of STYLE, for --method johnson; see: photostyle train.")
]


def stylize(  # noqa: PLR0913, PLR0917 - each is an option that a person may type
    content: Annotated[Path, typer.Argument(help="The photograph to change.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The result: .png, .jpg, .tiff or .webp.")],
    style: Annotated[
        Path | None,
        typer.Argument(help="The photograph whose look is wanted. With --region, the look of what is in no region."),
    ] = None,
    strength: Annotated[float, typer.Option(help="How much of the look, 0 (none) to 1.")] = 1.0,
    keep_luminance: Annotated[bool, typer.Option("--keep-luminance", help="Take the colour, keep the light.")] = False,
    mask: Annotated[
        Path | None, typer.Option(help="White is changed, black is kept to the bit, grey is in between.")
    ] = None,
    content_regions: Annotated[Path | None, typer.Option(help=_REGIONS.format("content"))] = None,
    style_regions: Annotated[Path | None, typer.Option(help=_REGIONS.format("style"))] = None,
    region: _Region = None,
    regions: Annotated[
        str, typer.Option(help="given, or auto: sky goes to sky, ground to ground, without any masks.")
    ] = "given",
    method: Annotated[str, typer.Option(help="See: photostyle methods")] = "rest",
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the method; may be repeated.")
    ] = None,
    model: _Model = None,
    finish: Annotated[
        str,
        typer.Option(help="auto, grid (your photograph's own detail), guided (finest) or none (the raw output)."),
    ] = "auto",
    device: Annotated[
        str | None, typer.Option(help="auto, cpu, cuda:0 or mps. A daemon that already runs keeps its own.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="Another daemon: its ipc:// address or a connection file.")
    ] = None,
    no_daemon: Annotated[bool, typer.Option("--no-daemon", help="Compute in this process.")] = False,
    watch: Annotated[
        Path | None,
        typer.Option(help="A small picture, rewritten while the result forms step by step."),
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="A plot of the losses, of a method that lowers some.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Give CONTENT the look of STYLE and write the result; the daemon is started if none runs."""
    if endpoint is not None and (no_daemon or device is not None):
        other = "--no-daemon" if no_daemon else "--device"
        raise BadInputError(f"--endpoint and {other} contradict each other.", "Give one of them.")
    given = [*(option or []), *([f"model={model}"] if model else [])]
    settings = Settings(method, strength, keep_luminance, finish, method_options(given), regions)
    words = tuple(RegionWord.parse(word) for word in region or [])
    asked = Asked(content, style, output, settings, mask, content_regions, style_regions, words)
    asked.check_regions()
    extras = Extras(watch, plot)
    with display(quiet) as shown:
        report = Report(shown)
        size = _made(asked, endpoint, device, no_daemon, report, extras)
    if not quiet:
        for note in (*(notice.message for notice in report.notices), *extras.notes(method, report)):
            print(f"note: {note}", file=sys.stderr)
        print(f"Wrote {output}, {size}.", *report.lines(), sep="\n")


def _made(  # noqa: PLR0913, PLR0917 - what was asked for, and where
    asked: Asked, endpoint: str | None, device: str | None, no_daemon: bool, report: Report, extras: Extras
) -> str:
    """Make the result and say how large it is."""
    from photostyle.cli.devices import check_device
    from photostyle.transfer.compute import in_process, through_daemon
    from photostyle.transfer.inputs import read_inputs

    asked = replace(asked, settings=checked(asked.settings))
    with report.part("read"):
        inputs = read_inputs(asked)
        extras.check(asked)
    show = extras.show if extras.watch else None
    if no_daemon:
        pixels = in_process(inputs.task, device or "auto", report, show)
    else:
        check_device(device or "auto")
        pixels = through_daemon(inputs.task, endpoint, device, report, show)
    with report.part("write"):
        from photostyle.imaging.pixels import size_text
        from photostyle.imaging.writing import write_picture

        write_picture(asked.output, inputs.content.with_pixels(pixels))
        extras.finish(asked, report)
    return f"{size_text(pixels)} pixels"
