"""From a transfer to tables of colours for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from photostyle.transfer.asked import Asked
from photostyle.transfer.inputs import read_task
from photostyle.transfer.report import COMPUTE, Report

if TYPE_CHECKING:
    from photostyle.stylize.engine import Engine
    from photostyle.stylize.global_map import GlobalMap
    from photostyle.stylize.task import StylizeTask

SPACE = "Colour space: sRGB (IEC 61966-2-1), full range, going in and coming out."


@dataclass(frozen=True)
class LutFiles:
    """Which files to write.

    Attributes:
        cube: A .cube file.
        size: Nodes along each of its sides.
        hald: A HaldCLUT picture.
        bits: Of each of its channels.
    """

    cube: Path | None
    size: int
    hald: Path | None
    bits: int


def export_luts(asked: Asked, files: LutFiles, device: str, report: Report) -> dict[Path, GlobalMap]:
    """Compute and write the tables.

    Args:
        asked: What look; its `output` is not written.
        files: At least one.
        device: Where to compute.
        report: Told about each part.

    Returns:
        What is in each file.

    Raises:
        BadInputError: A file cannot be used.
        OutputError: A file cannot be written.
    """
    with report.part("read"):
        from photostyle.imaging.reading import read_picture

        _check_places(asked, files)
        task = read_task(asked, read_picture(asked.content))
    with report.part("load"):
        from photostyle.stylize.engine import Engine

        engine = Engine.load(device)
    with report.part(COMPUTE):
        return dict(_written(asked, files, task, engine, report))


def _check_places(asked: Asked, files: LutFiles) -> None:
    from photostyle.imaging.whole_file import check_place

    if files.cube is not None:
        check_place(files.cube, asked.inputs, ".cube")
    if files.hald is not None:
        check_place(files.hald, asked.inputs, ".png")


def _written(
    asked: Asked, files: LutFiles, task: StylizeTask, engine: Engine, report: Report
) -> Iterator[tuple[Path, GlobalMap]]:
    from photostyle.imaging.luts import HALD_SIZE, cube_text, hald_pixels
    from photostyle.imaging.picture import Picture
    from photostyle.imaging.whole_file import write_whole
    from photostyle.imaging.writing import write_picture
    from photostyle.stylize.global_map import global_map
    from photostyle.stylize.onlooker import Onlooker
    from photostyle.transfer.stages import MeasuredStages

    stages = MeasuredStages(report, Onlooker(wants_pictures=False), None)
    if files.cube is not None:
        found = global_map(task, files.size, engine, stages)
        text = cube_text(found.table(), _title(asked), [_made_by(asked), SPACE, _suits(asked, found)])
        write_whole(files.cube, text.encode())
        yield files.cube, found
    if files.hald is not None:
        found = global_map(task, HALD_SIZE, engine, stages)
        write_picture(files.hald, Picture(hald_pixels(found.table(), files.bits)))
        yield files.hald, found


def _title(asked: Asked) -> str:
    named = asked.style or Path(str(asked.settings.options.get("model", "its regions")))
    return f"{asked.content.stem} in the look of {named.stem}"


def _made_by(asked: Asked) -> str:
    from photostyle import __version__

    return f"Photostyle {__version__}, method {asked.settings.method}, strength {asked.settings.strength:g}."


def _suits(asked: Asked, found: GlobalMap) -> str:
    return f"Made for {asked.content.name}; {found.mean:.2f} CIEDE2000 from its true result on average."
