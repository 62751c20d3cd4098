"""``photostyle evaluate``: how good the results are, as figures and as pictures to look through."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photostyle.cli.display import display
from photostyle.cli.words import listed, named_folders, numbers, sizes
from photostyle.transfer.report import Display
from photostyle_protocol.progress import Progress

if TYPE_CHECKING:
    from photostyle.evaluation.cases import Benchmark
    from photostyle.evaluation.choices import Choices

evaluate = typer.Typer(
    help="Judge methods, or finished pictures, by the papers' measures.",
    epilog="Interrupted, the same command goes on. A list is separated by commas.",
)

_Out = Annotated[
    Path, typer.Option("--output", "-o", help="Folder for results.csv, table.md, curves, sheets and pictures.")
]
_Methods = Annotated[
    list[str] | None,
    typer.Option(
        "--methods",
        metavar="LIST",
        help="METHOD:OPTION=VALUE@FINISH/REGIONS, all but the method optional; regions are given, auto or none. "
        "Default: rest,monge-kantorovich",
    ),
]
_Results = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=FOLDER", help="Finished pictures to judge, named like the contents; may be repeated."),
]
_Measures = Annotated[
    list[str] | None, typer.Option("--measures", metavar="LIST", help="By what to judge; pairs also take: all.")
]
_Network = Annotated[str, typer.Option(help="What Gram distances look through: embedded, squeezenet, vgg19, …")]
_Weights = Annotated[Path | None, typer.Option(help="The network's safetensors file.")]
_First = Annotated[int | None, typer.Option(min=1, help="Only the first so many.")]
_Side = Annotated[int, typer.Option(min=64, help="Larger photographs are reduced to this longest side, in pixels.")]
_Device = Annotated[str, typer.Option(help="auto, cpu, cuda:0 or mps.")]
_Photos = Annotated[Path, typer.Argument(help="Folder of photographs.")]

_DEFAULT_METHODS = ["rest", "monge-kantorovich"]
_SIZES = ["512", "1024", "2048", "6000x4000"]
_ALONG = ["0.25", "0.5", "0.75", "1"]


@evaluate.command()
def pairs(  # noqa: PLR0913, PLR0917 - each is an option of the command
    folder: Annotated[
        Path, typer.Argument(help="Holds content and style, and perhaps content_segmentation and style_segmentation.")
    ],
    out: _Out,
    methods: _Methods = None,
    results: _Results = None,
    measures: _Measures = None,
    strengths: Annotated[
        list[str] | None, typer.Option(metavar="LIST", help="How much of each look. Default: 0.25,0.5,0.75,1")
    ] = None,
    network: _Network = "embedded",
    network_weights: _Weights = None,
    first: _First = None,
    device: _Device = "auto",
) -> None:
    """Judge how well contents took the look of their styles, and what it cost them."""
    from photostyle.evaluation.choices import FOR_PAIRS, Choices
    from photostyle.evaluation.pair_folder import PairFolder

    asked = Choices(
        methods=listed(methods or _unless(results)),
        results=named_folders(results or []),
        measures=listed(measures or FOR_PAIRS),
        strengths=numbers(strengths or _ALONG),
        network=network,
        weights=network_weights,
        first=first,
        device=device,
    )
    _judge(PairFolder(folder), asked, out)


@evaluate.command()
def graded(  # noqa: PLR0913, PLR0917 - each is an option of the command
    photographs: _Photos,
    out: _Out,
    methods: _Methods = None,
    measures: _Measures = None,
    strengths: Annotated[
        list[str] | None, typer.Option(metavar="LIST", help="How much of each look. Default: 1")
    ] = None,
    side: _Side = 768,
    first: _First = None,
    device: _Device = "auto",
) -> None:
    """Judge by a known answer: does a method find the grade that another crop of the photograph got?"""
    from photostyle.evaluation.choices import WITH_TRUTH, Choices

    asked = Choices(
        methods=listed(methods or _DEFAULT_METHODS),
        measures=listed(measures or WITH_TRUTH),
        strengths=numbers(strengths or ["1"]),
        first=first,
        device=device,
    )
    _judge_photographs(photographs, "graded", side, asked, out)


@evaluate.command(name="self")
def self_style(  # noqa: PLR0913, PLR0917 - each is an option of the command
    photographs: _Photos,
    out: _Out,
    methods: _Methods = None,
    measures: _Measures = None,
    side: _Side = 768,
    first: _First = None,
    device: _Device = "auto",
) -> None:
    """Judge by a known answer: a photograph in its own style must come back."""
    from photostyle.evaluation.choices import WITH_TRUTH, Choices

    asked = Choices(
        methods=listed(methods or _DEFAULT_METHODS),
        measures=listed(measures or WITH_TRUTH),
        first=first,
        device=device,
        untouched=False,
    )
    _judge_photographs(photographs, "self", side, asked, out)


@evaluate.command()
def speed(  # noqa: PLR0913, PLR0917 - each is an option of the command
    out: Annotated[Path, typer.Option("--output", "-o", help="Folder for table.md and speed.csv.")],
    methods: _Methods = None,
    pixels: Annotated[
        list[str] | None,
        typer.Option("--sizes", metavar="LIST", help="Squares or WIDTHxHEIGHT. Default: 512,1024,2048,6000x4000"),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each; the fastest counts.")] = 3,
    reference: Annotated[str | None, typer.Option(help="Whose time is 1. Default: the last method")] = None,
    device: _Device = "auto",
) -> None:
    """Measure run time by resolution, as ratios within one run."""
    from photostyle.evaluation.speed import SpeedPlan, write_speed

    named = listed(methods or _DEFAULT_METHODS)
    plan = SpeedPlan(named, sizes(pixels or _SIZES), repeats, reference or named[-1], device)
    with display(quiet=False, hours=True) as shown:
        text = write_speed(plan, out, _progress_of(shown))
    print(text)


@evaluate.command()
def fid(
    outputs: Annotated[Path, typer.Argument(help="Folder of results.")],
    reference: Annotated[Path, typer.Argument(help="Folder of pictures to be like, for example the styles.")],
    weights: Annotated[Path, typer.Option(help="torch-fidelity's Inception weights; nothing is fetched.")],
) -> None:
    """Print the Fréchet Inception distance of two sets of pictures: only sets of one size compare."""
    from photostyle.evaluation.folder_fid import folder_fid

    with display(quiet=False, hours=True) as shown:
        distance = folder_fid(outputs, reference, weights, _progress_of(shown))
    print(f"{distance:.2f}")


def _unless(results: list[str] | None) -> list[str]:
    """Who gives results to judge need not want methods beside them."""
    return [] if results else _DEFAULT_METHODS


def _judge_photographs(photographs: Path, kind: str, side: int, asked: Choices, out: Path) -> None:
    from photostyle.evaluation.photograph_folder import PhotographFolder

    _judge(PhotographFolder(photographs, kind, side), asked, out)


def _progress_of(shown: Display) -> Progress:
    """What the engine calls with a fraction and a text, as the display takes them."""
    return lambda fraction, what, glimpse=None: shown.show(what, fraction)


def _judge(benchmark: Benchmark, asked: Choices, out: Path) -> None:
    from photostyle.evaluation.choices import plan
    from photostyle.evaluation.report import write_report
    from photostyle.evaluation.run import Run

    run = Run(plan(benchmark, asked, out))
    with display(quiet=False, hours=True) as shown:
        run.finish(_progress_of(shown))
    print(write_report(run))
