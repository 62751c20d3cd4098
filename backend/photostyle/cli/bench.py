"""``photostyle bench``: how fast every stage is, by picture size."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from photostyle.cli.display import display
from photostyle.cli.words import listed, megapixels
from photostyle_protocol.errors import BadOptionError

_METHODS = ["rest", "rest@guided", "monge-kantorovich"]
_SIZES = ["0.25", "0.5", "1", "6", "24", "50", "100"]
_QUICK_SIZES = ["0.25", "1", "6"]


def bench(  # noqa: PLR0913, PLR0917 - each is an option of the command
    out: Annotated[Path, typer.Option("--output", "-o", help="Folder for table.md, bench.json and bench.png.")],
    methods: Annotated[
        list[str] | None,
        typer.Option("--methods", metavar="LIST", help="As in photostyle evaluate. Default: " + ",".join(_METHODS)),
    ] = None,
    sizes: Annotated[
        list[str] | None,
        typer.Option("--sizes", metavar="LIST", help="Megapixels. Default: " + ",".join(_SIZES)),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each; the best counts.")] = 3,
    threads: Annotated[int, typer.Option(min=0, help="Of the computation; 0 leaves the choice to torch.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda:0 or mps.")] = "auto",
    no_daemon: Annotated[bool, typer.Option("--no-daemon", help="Only in one process.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes, one run of each; half a minute on two cores.")
    ] = False,
) -> None:
    """Measure stages, memory and starting times, beside what the machine can do at most."""
    chosen = megapixels(sizes or (_QUICK_SIZES if quick else _SIZES))
    named = listed(methods or _METHODS)
    if not named:
        raise BadOptionError("No method is given.", "See: photostyle methods")
    from photostyle.bench.measurement import BenchPlan
    from photostyle.bench.report import write_results
    from photostyle.bench.run import run_bench

    plan = BenchPlan(tuple(named), tuple(chosen), 1 if quick else repeats, device, threads, not no_daemon)
    with display(quiet=False, hours=True) as shown:
        results = run_bench(plan, lambda fraction, what, glimpse=None: shown.show(what, fraction))
    print(write_results(results, out))
