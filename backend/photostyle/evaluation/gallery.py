"""The pictures of an evaluation with their figures, for whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photostyle.evaluation.ledger import Row
from photostyle.evaluation.pictures import GIVEN, picture_path
from photostyle.evaluation.tables import shown


@dataclass(frozen=True)
class Gallery:
    """Cases down, pictures across.

    Attributes:
        out: The folder that the pictures lie in, see `picture_path`.
        cases: Which to show.
        contestants: Whose pictures.
        rows: The line of each case and contestant at full strength.
        measures: Which figures to state.
    """

    out: Path
    cases: Sequence[str]
    contestants: Sequence[str]
    rows: Mapping[tuple[str, str], Row]
    measures: Sequence[str]

    def columns(self, case: str) -> list[str]:
        """What there is of a case: what was given, then the contestants."""
        return [*(kind for kind in GIVEN if (self.out / picture_path(kind, case)).exists()), *self.contestants]

    def caption(self, case: str, kind: str) -> str:
        """A result's figures in one line; nothing for what was given."""
        if kind in GIVEN:
            return ""
        figures = self.rows[case, kind].figures
        return ", ".join(f"{name} {shown(figures[name])}" for name in self.measures if figures[name] is not None)
