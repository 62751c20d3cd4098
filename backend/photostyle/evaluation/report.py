"""What is written when all is judged: tables, curves, sheets and a page to look through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from photostyle.evaluation.comparison import Axes, axes_of
from photostyle.evaluation.contestants import UNTOUCHED
from photostyle.evaluation.curves_picture import draw_curves
from photostyle.evaluation.gallery import Gallery
from photostyle.evaluation.ledger import Row
from photostyle.evaluation.page import write_page
from photostyle.evaluation.run import RESULTS, LeftOut, Plan, Run
from photostyle.evaluation.sheets import write_sheets
from photostyle.evaluation.summary import Summary, summarise
from photostyle.evaluation.tables import interpolation_table, means_table, strengths_table, worst_table

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
    shown = [name for name in summary.curves if name != UNTOUCHED]
    measures = [measure.name for measure in plan.measures]
    gallery = Gallery(plan.out, summary.cases, shown, full_rows(run.ledger.rows), measures)
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
    yield from _omissions(summary, run.left_out)


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
