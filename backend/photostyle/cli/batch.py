"""``photostyle batch``: many photographs take the look of one, or of several."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photostyle.cli import exit_codes
from photostyle.cli import look_options as look
from photostyle.transfer.asked import method_options
from photostyle.transfer.region_words import RegionWord
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.request import Settings

if TYPE_CHECKING:
    from photostyle.batch.brake import Brake
    from photostyle.batch.crew import Crew
    from photostyle.batch.job import Job
    from photostyle.batch.run import Tally
    from photostyle.batch.series import Book
    from photostyle.batch.wanted import Wanted

_SHOWN_FAILURES = 20


@dataclass(frozen=True)
class _Place:
    """Where a batch computes."""

    device: str | None
    threads: int | None
    endpoint: str | None
    ray: str | None
    gpus_per_worker: float

    def check(self, consistent: bool) -> None:
        given = {"--device": self.device, "--endpoint": self.endpoint, "--ray": self.ray}
        named = [name for name, value in given.items() if value is not None]
        if len(named) > 1:
            raise BadInputError(f"{' and '.join(named)} contradict each other.", "Give one of them.")
        if consistent and self.endpoint is not None:
            raise BadInputError("A daemon knows no series.", "Leave --endpoint out, or --consistent.")
        if self.gpus_per_worker and self.ray is None:
            raise BadInputError("--gpus-per-worker belongs to --ray.", "Here each GPU has a worker; see --device.")


@dataclass(frozen=True)
class _Course:
    """How a batch runs and what it says."""

    resume: bool
    shard: str | None
    strict: bool
    quiet: bool
    as_json: bool
    consistent: bool


def batch(  # noqa: PLR0913, PLR0917 - each is an option that a person may type
    inputs: Annotated[
        list[str], typer.Argument(help="Photographs, folders, patterns in quotes, and lists of work: .csv or .json.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT_DIR", help="The folder of results.")],
    style: Annotated[
        list[Path] | None, typer.Option(help="Whose look is wanted. Repeated: each picture gets each look.")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="What results are called, from {stem}, {style}, {method} and {suffix}; '{stem}.png' makes PNG files. "
            "Otherwise names and formats are kept; several styles add -{style}.",
        ),
    ] = None,
    recursive: Annotated[
        bool, typer.Option("--recursive", "-r", help="Look into the folders of folders; they are kept in OUT_DIR.")
    ] = False,
    masks: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with a mask for each picture, of the same name.")
    ] = None,
    consistent: Annotated[
        bool, typer.Option("--consistent", help="One look for the whole series: for a shoot or a time lapse.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on: what is done and unchanged is skipped.")] = False,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="Only part I of N, the same at any time and on any machine.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first picture that fails.")] = False,
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
        str | None, typer.Option(help="auto (every GPU), cpu, mps, or names with commas: cuda:0,cuda:1.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="CPU threads of a worker, for results equal to the byte on any machine.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="Let a running daemon compute: its ipc:// address or a connection file.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Work on a Ray cluster: its address, auto, or local to start one here."),
    ] = None,
    gpus_per_worker: Annotated[
        float, typer.Option(min=0.0, help="Of the cluster: 1, 0.5 (two workers share one), or 0 for CPUs.")
    ] = 0.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="A line of JSON for each picture, and one at the end, on stdout.")
    ] = False,
    quiet: look.Quiet = False,
) -> int:
    """Give many photographs a look; interrupted by whatever means, the same command with --resume goes on."""
    from photostyle.batch.wanted import Wanted

    place = _Place(device, threads, endpoint, ray, gpus_per_worker)
    place.check(consistent)
    course = _Course(resume, shard, strict, quiet, as_json, consistent)
    given = method_options(look.option_words(option, model))
    settings = Settings(method, strength, keep_luminance, finish, given, regions)
    words = tuple(RegionWord.parse(word) for word in region or [])
    styles = tuple(style or ())
    wanted = Wanted(output, settings, styles, name, mask, masks, content_regions, style_regions, words)
    return _run(inputs, wanted, recursive, place, course)


def _run(inputs: list[str], wanted: Wanted, recursive: bool, place: _Place, course: _Course) -> int:
    from photostyle.batch.brake import brake
    from photostyle.batch.manifest import Manifest, done_before, manifest_path
    from photostyle.batch.planning import plan
    from photostyle.batch.run import Batch
    from photostyle.batch.shard import Shard
    from photostyle.cli.batch_display import audience

    shard = Shard.parse(course.shard) if course.shard else None
    series = plan(inputs, wanted, recursive)
    jobs = [job for job in series if shard is None or shard.holds(job)]
    before = done_before(wanted.out) if course.resume else {}
    with Manifest(manifest_path(wanted.out, shard)) as manifest, brake() as pulled:
        manifest.clean()
        if course.consistent and not (course.quiet or course.as_json):
            print(f"Looking at all {len(series)} first …", file=sys.stderr)
        crew = _crew(place, series if course.consistent else [], pulled)
        try:
            with audience(len(jobs), course.quiet, course.as_json) as shown:
                tally = Batch(crew, manifest, before, shown, course.strict).run(jobs, pulled)
        finally:
            crew.close()
            manifest.clean()
    _tell(tally, course)
    if tally.stopped:
        pulled.check()
    return exit_codes.SOME_FAILED if tally.failures else exit_codes.OK


def _crew(place: _Place, series: list[Job], brake: Brake) -> Crew:
    from photostyle.batch.computing import ByDaemon, OnDevice
    from photostyle.batch.crew import Threads
    from photostyle.batch.worker import Worker

    if place.endpoint is not None:
        return Threads([Worker(ByDaemon(place.endpoint))])
    from photostyle.stylize.devices import devices, threads_in_use, use_threads

    if place.threads is not None:
        use_threads(place.threads)
    names = devices(place.device or "auto")
    book = _book(series, names[0], brake) if series else None
    if place.ray is not None:
        from photostyle.batch.ray_crew import RayCrew

        return RayCrew(place.ray, place.gpus_per_worker, threads_in_use(), book)
    return Threads([Worker(OnDevice(name, book)) for name in names])


def _book(series: list[Job], device: str, brake: Brake) -> Book:
    """The first pass over a series with one look."""
    from photostyle.batch.series import read_series
    from photostyle.stylize.engine import Engine

    engine = Engine.load(device)
    try:
        return read_series(series, engine, brake.check)
    finally:
        engine.release()


def _tell(tally: Tally, course: _Course) -> None:
    if course.as_json:
        print(json.dumps({"total": tally.total, **tally.counts, "seconds": round(tally.seconds, 3)}))
        return
    for record in tally.failures[:_SHOWN_FAILURES]:
        print(f"failed: {record.job}: {record.error}", file=sys.stderr)
    if len(tally.failures) > _SHOWN_FAILURES:
        print(f"and {len(tally.failures) - _SHOWN_FAILURES} more; the manifest has them all.", file=sys.stderr)
    if not course.quiet:
        ended = ", ".join(f"{tally.counts[status]} {status}" for status in ("done", "failed", "skipped"))
        rate = 60 * (tally.ended - tally.counts["skipped"]) / tally.seconds if tally.seconds else 0.0
        print(f"{tally.ended} of {tally.total}: {ended}; {tally.seconds:.1f} s, {rate:.0f} in a minute.")
