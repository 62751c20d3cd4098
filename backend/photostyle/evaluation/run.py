"""One evaluation: every contestant on every case, in a folder that can be gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from photostyle.evaluation import pictures
from photostyle.evaluation.cases import Benchmark, Case
from photostyle.evaluation.contestants import UNTOUCHED, Contestant
from photostyle.evaluation.judging import figures_of, outputs, sample_of
from photostyle.evaluation.ledger import Ledger, Row
from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.record import Record, claim
from photostyle.imaging.output_folder import make_folder
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.progress import Glimpse, Progress

RESULTS, RECORD = "results.csv", "run.json"


class LeftOut(NamedTuple):
    """What could not be judged, and why.

    Attributes:
        case: Its name.
        method: The contestant, or nothing if it is the case itself.
        reason: A sentence.
    """

    case: str
    method: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What is to be judged.

    Attributes:
        benchmark: Where the cases come from.
        cases: The names of those that are asked for.
        contestants: Who is judged, with different names.
        measures: By what.
        strengths: How much of each look, at least one.
        record: All that the figures depend on.
        out: Where everything is written; made if missing.
    """

    benchmark: Benchmark
    cases: Sequence[str]
    contestants: Sequence[Contestant]
    measures: Sequence[Measure]
    strengths: Sequence[float]
    record: Record
    out: Path

    @property
    def names(self) -> list[str]:
        """The contestants' names."""
        return [contestant.name for contestant in self.contestants]

    def strengths_of(self, name: str) -> Sequence[float]:
        """The strengths at which a contestant is judged; the untouched content has none of any look."""
        return [0.0] if name == UNTOUCHED else self.strengths


class Run:
    """The work of a plan; what an interrupted run has done is not done again.

    Args:
        plan: What to do.

    Raises:
        BadInputError: The folder belongs to another evaluation, or two contestants have one name.
        OutputError: The folder cannot be made.
    """

    def __init__(self, plan: Plan) -> None:
        pictures.check_names(plan.names)
        make_folder(plan.out)
        if (plan.out / RESULTS).exists() and not (plan.out / RECORD).exists():
            raise BadInputError(f"{plan.out} has a {RESULTS} of something else.", "Choose another folder.")
        claim(plan.out / RECORD, plan.record)
        counts = {name: len(plan.strengths_of(name)) for name in plan.names}
        self.plan = plan
        self.ledger = Ledger(plan.out / RESULTS, [measure.name for measure in plan.measures], counts)
        self.left_out: list[LeftOut] = []

    def finish(self, progress: Progress) -> None:
        """Judge what is not judged yet.

        Args:
            progress: Called with the done fraction and what is being done.

        Raises:
            OutputError: The disk does not take a picture.
        """
        waiting = [(name, self._missing(name)) for name in self.plan.cases]
        total = sum(len(missing) for _, missing in waiting)
        done = 0
        for name, missing in waiting:
            case = self._loaded(name) if missing else None
            if case is not None:
                pictures.save_given(self.plan.out, case)
                for number, contestant in enumerate(missing):
                    self._judge(case, contestant, _Part(progress, (done + number) / total, 1 / total))
            done += len(missing)
        progress(1.0, "judged")

    def _missing(self, name: str) -> list[Contestant]:
        return [c for c in self.plan.contestants if not self.ledger.has(name, c.name)]

    def _loaded(self, name: str) -> Case | None:
        try:
            return self.plan.benchmark.load(name)
        except BadInputError as error:
            self.left_out.append(LeftOut(name, "", str(error)))
            return None

    def _judge(self, case: Case, contestant: Contestant, progress: _Part) -> None:
        progress.title = f"{case.name}: {contestant.name}"
        progress(0.0, "")
        try:
            rows = list(self._rows(case, contestant, progress))
        except (BadInputError, RuntimeError, MemoryError) as error:
            # torch says so when memory runs out. The other figures of the night are still wanted; this is named.
            self.left_out.append(LeftOut(case.name, contestant.name, str(error).partition("\n")[0]))
        else:
            self.ledger.add(rows)

    def _rows(self, case: Case, contestant: Contestant, progress: Progress) -> Iterator[Row]:
        strengths = self.plan.strengths_of(contestant.name)
        look = contestant.look(case, progress)
        for strength, output in outputs(case, look, strengths):
            if strength == max(strengths):
                pictures.save(self.plan.out, contestant.name, case.name, output)
            figures = figures_of(sample_of(case, output), self.plan.measures)
            yield Row(case.name, contestant.name, strength, look.wall, look.cpu, figures)


class _Part:
    """The progress of one look as a part of the whole.

    Args:
        progress: Of the whole.
        start: Done fraction of the whole before it.
        share: Of it in the whole.
    """

    def __init__(self, progress: Progress, start: float, share: float) -> None:
        self._progress, self._start, self._share = progress, start, share
        self.title = ""

    def __call__(self, fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        self._progress(self._start + fraction * self._share, self.title)
