"""The results of an evaluation as contact sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from photostyle.evaluation.ledger import Row
from photostyle.evaluation.pictures import GIVEN, picture_path
from photostyle.evaluation.tables import shown
from photostyle.imaging.reading import read_picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.imaging.writing import write_picture

ROWS = 7

Rows = Mapping[tuple[str, str], Row]
"""The line of a case and a contestant at full strength."""


def kinds_of(out: Path, case: str, contestants: Sequence[str]) -> list[str]:
    """The columns: what the case was given, then the contestants."""
    return [*(kind for kind in GIVEN if (out / picture_path(kind, case)).exists()), *contestants]


def caption(row: Row, measures: Sequence[str]) -> str:
    """A result's figures in one line."""
    return ", ".join(f"{name} {shown(figure)}" for name in measures if (figure := row.figures[name]) is not None)


def write_sheets(
    out: Path, cases: Sequence[str], contestants: Sequence[str], rows: Rows, measures: Sequence[str]
) -> list[Path]:
    """Write ``sheet-1.png`` and so on, `ROWS` cases on each.

    Raises:
        BadImageError: A picture was taken away.
    """
    written = []
    for number, first in enumerate(range(0, len(cases), ROWS), start=1):
        part = cases[first : first + ROWS]
        sheet = contact_sheet(
            [_row(out, case, contestants, rows, measures) for case in part], kinds_of(out, part[0], contestants)
        )
        written.append(out / f"sheet-{number}.png")
        write_picture(written[-1], sheet)
    return written


def _row(out: Path, case: str, contestants: Sequence[str], rows: Rows, measures: Sequence[str]) -> SheetRow:
    pictures = [read_picture(out / picture_path(kind, case)) for kind in kinds_of(out, case, contestants)]
    return SheetRow(pictures, "   ".join(_captions(case, contestants, rows, measures)))


def _captions(case: str, contestants: Sequence[str], rows: Rows, measures: Sequence[str]) -> Iterator[str]:
    yield case
    for name in contestants:
        yield f"{name}: {caption(rows[case, name], measures[:2])}"
