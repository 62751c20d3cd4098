"""What was measured so far: a CSV file that survives an interruption at any moment."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photostyle_protocol.errors import BadInputError

_KEYS = ("case", "method", "strength", "seconds", "cpu_seconds")


@dataclass(frozen=True)
class Row:
    """One line: a result and its figures.

    Attributes:
        case: Name of the case.
        method: Name of the contestant.
        strength: How much of its look.
        wall: Seconds that the full look took, if it was made here.
        cpu: Processor seconds of it.
        figures: By measure; ``None`` where a measure does not apply.
    """

    case: str
    method: str
    strength: float
    wall: float | None
    cpu: float | None
    figures: Mapping[str, float | None]


def _text(value: float | None) -> str:
    return "" if value is None else repr(value)


def _value(text: str) -> float | None:
    return float(text) if text else None


class Ledger:
    """The lines of a file, in the order in which they came.

    Lines of one case and one contestant are written together. What an interruption left of them is dropped when the
    file is opened again.

    Args:
        path: The CSV file; made if missing.
        measures: A column for each.
        strengths: How many lines each contestant has for a case, by name; others are taken to be complete.

    Raises:
        BadInputError: The file has other columns.
    """

    def __init__(self, path: Path, measures: Sequence[str], strengths: Mapping[str, int]) -> None:
        self._path, self._measures = path, tuple(measures)
        found = self._read() if path.exists() else []
        counts = Counter((row.case, row.method) for row in found)
        self.rows = [r for r in found if counts[r.case, r.method] == strengths.get(r.method, counts[r.case, r.method])]
        self._done = {(row.case, row.method) for row in self.rows}
        self._rewrite()

    def has(self, case: str, method: str) -> bool:
        """Whether a contestant has all its lines for a case."""
        return (case, method) in self._done

    def add(self, rows: Sequence[Row]) -> None:
        """Write all lines of one contestant for one case."""
        with self._path.open("a", encoding="utf-8", newline="") as file:
            file.write(self._lines(rows))
        self.rows += rows
        self._done |= {(row.case, row.method) for row in rows}

    def _lines(self, rows: Sequence[Row]) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for row in rows:
            own = (row.case, row.method, repr(row.strength), _text(row.wall), _text(row.cpu))
            writer.writerow([*own, *(_text(row.figures[name]) for name in self._measures)])
        return text.getvalue()

    def _rewrite(self) -> None:
        partial = self._path.with_name(f"{self._path.name}.part")
        header = ",".join((*_KEYS, *self._measures)) + "\n"
        partial.write_text(header + self._lines(self.rows), encoding="utf-8")
        partial.replace(self._path)

    def _read(self) -> list[Row]:
        whole, _, _ = self._path.read_text(encoding="utf-8").rpartition("\n")
        header, *lines = list(csv.reader(io.StringIO(whole))) or [[]]
        if tuple(header) != (*_KEYS, *self._measures):
            raise BadInputError(
                f"{self._path} has other columns than this evaluation.", "Choose another folder for the output."
            )
        return [self._row(line) for line in lines]

    def _row(self, line: Sequence[str]) -> Row:
        case, method, strength, wall, cpu, *figures = line
        by_name = {name: _value(text) for name, text in zip(self._measures, figures, strict=True)}
        return Row(case, method, float(strength), _value(wall), _value(cpu), by_name)
