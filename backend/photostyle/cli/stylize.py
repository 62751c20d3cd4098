"""``photostyle stylize``: one photograph takes the look of another."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from photostyle.cli import look_options as look
from photostyle.cli.display import display
from photostyle.cli.extras import Extras
from photostyle.transfer.asked import Asked, checked, method_options
from photostyle.transfer.region_words import RegionWord
from photostyle.transfer.report import Report
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.request import Settings


def stylize(  # noqa: PLR0913, PLR0917 - each is an option that a person may type
    content: Annotated[Path, typer.Argument(help="The photograph to change.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The result: .png, .jpg, .tiff, .exr, .jxl, .webp or .avif.")
    ],
    style: Annotated[
        Path | None,
        typer.Argument(help="The style: a photograph or a saved look. With --region, that of what is in no region."),
    ] = None,
    strength: look.Strength = Settings.strength,
    keep_luminance: look.KeepLuminance = Settings.keep_luminance,
    mask: look.Mask = None,
    content_regions: look.ContentRegions = None,
    style_regions: look.StyleRegions = None,
    region: look.Region = None,
    regions: look.Regions = Settings.regions,
    method: look.Method = Settings.method,
    option: look.MethodOption = None,
    model: look.Model = None,
    finish: look.Finish = Settings.finish,
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
    quiet: look.Quiet = False,
) -> None:
    """Give CONTENT the look of STYLE and write the result; the daemon is started if none runs."""
    if endpoint is not None and (no_daemon or device is not None):
        other = "--no-daemon" if no_daemon else "--device"
        raise BadInputError(f"--endpoint and {other} contradict each other.", "Give one of them.")
    given = method_options(look.option_words(option, model))
    settings = Settings(method, strength, keep_luminance, finish, given, regions)
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
    from photostyle.imaging.pixels import size_text
    from photostyle.transfer.compute import in_process, through_daemon
    from photostyle.transfer.make import make

    asked = replace(asked, settings=checked(asked.settings))
    extras.check(asked)
    show = extras.show if extras.watch else None
    if no_daemon:
        pixels = make(asked, lambda task, told: in_process(task, device or "auto", told, show), report)
    else:
        check_device(device or "auto")
        pixels = make(asked, lambda task, told: through_daemon(task, endpoint, device, told, show), report)
    extras.finish(asked, report)
    return f"{size_text(pixels)} pixels"
