"""What is written when all is judged: tables, curves, sheets and a page to look through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from photostyle.evaluation.comparison import Axes, axes_of
from photostyle.evaluation.contestants import UNTOUCHED
from photostyle.evaluation.curves_picture import draw_curves
from photostyle.evaluation.gallery import Gallery
from photostyle.evaluation.ledger import Row
from photostyle.evaluation.page import write_page
from photostyle.evaluation.picture_folder import read_srgb
from photostyle.evaluation.pictures import picture_path
from photostyle.evaluation.run import RESULTS, LeftOut, Plan, Run, SetDistance
from photostyle.evaluation.sheets import write_sheets
from photostyle.evaluation.summary import Summary, summarise
from photostyle.evaluation.tables import (
    interpolation_table,
    markdown,
    means_table,
    shown,
    strengths_table,
    worst_table,
)
from photostyle.stylize.pixels import to_rgb
from photostyle_protocol.errors import BadInputError

TABLE, CURVES = "table.md", "curves.png"


def write_report(run: Run) -> str:
    """Write everything that follows from the ledger.

    Returns:
        The table's text.
    """
    plan = run.plan
    summary = summarise(run.ledger.rows, plan.cases, plan.names)
    axes = axes_of(summary, plan.measures) if len(plan.strengths) > 1 else None
    text = "\n\n".join(_parts(run, summary, axes)) + "\n"
    (plan.out / TABLE).write_text(text, encoding="utf-8")
    _write_looks(run, summary)
    return text


def _write_looks(run: Run, summary: Summary) -> None:
    plan = run.plan
    named = [name for name in summary.curves if name != UNTOUCHED]
    measures = [measure.name for measure in plan.measures]
    gallery = Gallery(plan.out, summary.cases, named, full_rows(run.ledger.rows), measures)
    links = {"table": TABLE, "all figures": RESULTS, **{path.stem: path.name for path in write_sheets(gallery)}}
    if (plan.out / CURVES).exists():
        links["curves"] = CURVES
    write_page(gallery, _title(plan, summary), links)


def full_rows(rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """The row of each case and contestant at full strength."""
    return {(row.case, row.method): row for row in sorted(rows, key=lambda row: row.strength)}


def _parts(run: Run, summary: Summary, axes: Axes | None) -> Iterator[str]:
    plan = run.plan
    measures = [m for m in plan.measures if any(point.counts[m.name] for point in summary.full.values())]
    yield f"# {_title(plan, summary)}"
    yield "\n".join(f"- {name}: {_listed(value)}" for name, value in plan.record.items())
    yield f"Means at strength {max(plan.strengths):g}."
    yield means_table(summary, measures)
    if axes:
        yield "Along the strength."
        yield strengths_table(summary, *axes)
    if axes and axes.opposed:
        yield "Between its points, straight."
        yield interpolation_table(summary, *axes)
        yield _drawn(plan.out / CURVES, summary, axes)
    yield "The worst case of each."
    judged = [row for (case, _), row in full_rows(run.ledger.rows).items() if case in summary.cases]
    yield worst_table(summary, judged, measures)
    if plan.fid and summary.cases:
        yield f"FID of the results at strength {max(plan.strengths):g} against the styles, as sets."
        yield _fid_table(plan, plan.fid, summary)
    yield from _omissions(summary, run.left_out)


def _fid_table(plan: Plan, distance: SetDistance, summary: Summary) -> str:
    try:
        lines = [[name, shown(_distance(plan, distance, summary, name))] for name in summary.curves]
    except BadInputError as error:
        return f"It is left out: {error}"
    return markdown(["method", "fid ↓"], lines)


def _distance(plan: Plan, distance: SetDistance, summary: Summary, name: str) -> float:
    results = _pictures(plan.out, "content" if name == UNTOUCHED else name, summary.cases)
    return distance(results, _pictures(plan.out, "style", summary.cases))


def _pictures(out: Path, kind: str, cases: Sequence[str]) -> Iterator[Tensor]:
    for case in cases:
        yield to_rgb(read_srgb(out / picture_path(kind, case)), torch.device("cpu"))


def _title(plan: Plan, summary: Summary) -> str:
    return f"{plan.record['benchmark']}: {len(summary.cases)} of {len(plan.cases)} cases"


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _drawn(path: Path, summary: Summary, axes: Axes) -> str:
    try:
        draw_curves(path, summary, axes)
    except ImportError:
        path.unlink(missing_ok=True)
        return "The curves are not drawn: that takes matplotlib. Install it with: pip install 'photostyle[evaluate]'"
    return f"![Curves]({path.name})"


def _omissions(summary: Summary, left_out: Sequence[LeftOut]) -> Iterator[str]:
    if left_out:
        lines = [f"- {o.case}{f' ({o.method})' if o.method else ''}: {o.reason}" for o in left_out]
        yield "\n".join([f"Left out: {len(left_out)}. Means are over the cases that every method has.", "", *lines])
    if summary.missing:
        yield f"Without any result: {', '.join(summary.missing)}."
