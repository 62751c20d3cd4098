"""From what a person chose to a plan that can be run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from photostyle.evaluation.cases import Benchmark
from photostyle.evaluation.contestants import Contestant, FolderContestant, MethodContestant, Untouched
from photostyle.evaluation.measures import networks
from photostyle.evaluation.measures import registry as measures_registry
from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.method_spec import MethodSpec
from photostyle.evaluation.record import engine_record, file_digest
from photostyle.evaluation.run import Plan
from photostyle.features.registry import EMBEDDED
from photostyle.stylize.engine import Engine

FOR_PAIRS = ("ssim", "gram-region", "color-region", "gram")
WITH_TRUTH = ("delta-e", "psnr", "ssim-truth")
"""What is judged by if nobody says; sheets have room for the first two."""
ALL = "all"
"""Every measure that needs no truth."""


@dataclass(frozen=True)
class Choices:
    """What a person chose; see ``photostyle evaluate pairs --help``.

    Attributes:
        methods: See `method_spec.GRAMMAR`.
        measures: Their names, or `ALL`.
        results: Folders of finished pictures by name.
        strengths: How much of each look.
        network: What the Gram distances look through.
        weights: The network's file.
        first: Only so many cases.
        device: Where methods run.
        untouched: Whether the contents are judged as they are, too.
    """

    methods: Sequence[str]
    measures: Sequence[str]
    results: Mapping[str, Path] = field(default_factory=dict)
    strengths: Sequence[float] = (1.0,)
    network: str = EMBEDDED
    weights: Path | None = None
    first: int | None = None
    device: str = "auto"
    untouched: bool = True


def plan(benchmark: Benchmark, chosen: Choices, out: Path) -> Plan:
    """Load what the choices name.

    Raises:
        BadInputError: One of them cannot be; nothing was written.
    """
    specs = [MethodSpec.parse(text) for text in chosen.methods]
    engine = Engine.load(chosen.device)
    measures = _measures(chosen)
    strengths = sorted(set(chosen.strengths))
    contestants: list[Contestant] = [
        *([Untouched()] if chosen.untouched else []),
        *(FolderContestant(name, folder) for name, folder in chosen.results.items()),
        *(MethodContestant(spec, engine) for spec in specs),
    ]
    record = {
        **benchmark.record,
        "measures": (names := [measure.name for measure in measures]),
        "strengths": strengths,
        "network": _described(chosen, names),
        **engine_record(engine.device_name),
    }
    cases = benchmark.names[: chosen.first]
    return Plan(benchmark, cases, contestants, measures, strengths, record, out)


def _measures(chosen: Choices) -> list[Measure]:
    every = ALL in chosen.measures
    names = measures_registry.names() if every else chosen.measures
    needed = set(names) & set(measures_registry.perceptual_names())
    loaded = measures_registry.load(names, networks.load(chosen.network, chosen.weights) if needed else None)
    return [measure for measure in loaded if not every or "truth" not in measure.needs]


def _described(chosen: Choices, measures: Sequence[str]) -> str:
    if not set(measures) & set(measures_registry.perceptual_names()):
        return "none"
    return f"{chosen.network} {file_digest(chosen.weights)}" if chosen.weights else chosen.network
