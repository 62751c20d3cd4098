"""The results of an evaluation as contact sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from photostyle.evaluation.gallery import Gallery
from photostyle.evaluation.pictures import picture_path
from photostyle.imaging.reading import read_picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.imaging.writing import write_picture

ROWS = 7
_FIGURES = 2
"""Figures of each result in a caption, which has one line for all of them."""


def write_sheets(gallery: Gallery) -> list[Path]:
    """Write ``sheet-1.png`` and so on, `ROWS` cases on each, in place of those that are there.

    Raises:
        BadImageError: A picture was taken away.
    """
    for old in gallery.out.glob("sheet-*.png"):
        old.unlink()
    starts = range(0, len(gallery.cases), ROWS)
    return [_write_sheet(gallery, number, gallery.cases[s : s + ROWS]) for number, s in enumerate(starts, start=1)]


def _write_sheet(gallery: Gallery, number: int, cases: Sequence[str]) -> Path:
    path = gallery.out / f"sheet-{number}.png"
    write_picture(path, contact_sheet([_row(gallery, case) for case in cases], gallery.columns(cases[0])))
    return path


def _row(gallery: Gallery, case: str) -> SheetRow:
    pictures = [read_picture(gallery.out / picture_path(kind, case)) for kind in gallery.columns(case)]
    brief = replace(gallery, measures=gallery.measures[:_FIGURES])
    return SheetRow(pictures, "   ".join([case, *(f"{n}: {brief.caption(case, n)}" for n in gallery.contestants)]))
