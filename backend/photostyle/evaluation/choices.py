"""From what a person chose to a plan that can be run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photostyle.evaluation.cases import Benchmark
from photostyle.evaluation.contestants import Contestant, FolderContestant, MethodContestant, Untouched
from photostyle.evaluation.measures import registry as measures_registry
from photostyle.evaluation.method_spec import MethodSpec
from photostyle.evaluation.record import engine_record, file_digest
from photostyle.evaluation.run import Plan
from photostyle.features import registry as networks
from photostyle.features.base import Features
from photostyle.stylize.engine import Engine
from photostyle_protocol.errors import BadOptionError

WITH_TRUTH = ("psnr", "ssim-truth", "delta-e")


@dataclass(frozen=True)
class Choices:
    """What a person chose; see ``photostyle evaluate pairs --help``.

    Attributes:
        methods: See `method_spec.GRAMMAR`.
        results: Folders of finished pictures by name.
        measures: Their names; none are all.
        strengths: How much of each look.
        network: What the Gram distances look through; ``None`` is the embedded one.
        weights: The network's file.
        first: Only so many cases.
        device: Where methods run.
        untouched: Whether the contents are judged as they are, too.
    """

    methods: Sequence[str]
    results: Mapping[str, Path]
    measures: Sequence[str]
    strengths: Sequence[float]
    network: str | None = None
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
    names = list(chosen.measures) or list(measures_registry.names())
    measures = measures_registry.load(names, _network(chosen))
    strengths = sorted(set(chosen.strengths))
    contestants: list[Contestant] = [
        *([Untouched()] if chosen.untouched else []),
        *(FolderContestant(name, folder) for name, folder in chosen.results.items()),
        *(MethodContestant(spec, engine) for spec in specs),
    ]
    record = {
        **benchmark.record,
        "measures": names,
        "strengths": strengths,
        "network": _described(chosen),
        **engine_record(engine.device_name),
    }
    cases = benchmark.names[: chosen.first]
    return Plan(benchmark, cases, contestants, measures, strengths, record, out)


def _network(chosen: Choices) -> Features | None:
    if chosen.network is None:
        if chosen.weights is not None:
            raise BadOptionError("A network's weights are given without its name.", "Add --network.")
        return None
    return networks.load(chosen.network, chosen.weights)


def _described(chosen: Choices) -> str:
    if chosen.network is None:
        return "embedded"
    return f"{chosen.network} {file_digest(chosen.weights)}" if chosen.weights else chosen.network
