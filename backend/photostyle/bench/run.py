"""Measure everything that a plan names."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from photostyle.bench.alone import measure_alone
from photostyle.bench.ceilings import Ceilings, measure_ceilings
from photostyle.bench.clock import Used
from photostyle.bench.measurement import BenchPlan, Measurement
from photostyle.bench.private_daemon import help_used, private_daemon
from photostyle.bench.through_daemon import measure_daemon
from photostyle.evaluation.record import engine_record
from photostyle.evaluation.speed import synthetic_photograph
from photostyle.stylize.engine import Engine
from photostyle.stylize.task import Pixels
from photostyle_protocol.progress import Progress

_STYLE = (1024, 768)
_QUALITY = 90


@dataclass(frozen=True)
class Results:
    """All that was measured.

    Attributes:
        about: Versions and device.
        ceilings: Of the machine.
        starts: What it takes until something is there.
        measurements: Of the methods.
        on_gpu: Whether it is the clock's seconds that count, and not the processor's.
    """

    about: dict[str, str]
    ceilings: Ceilings
    starts: dict[str, Used]
    measurements: list[Measurement]
    on_gpu: bool = False


def run_bench(plan: BenchPlan, progress: Progress) -> Results:
    """Measure.

    Args:
        plan: What to run.
        progress: Called before each run.
    """
    if plan.threads:
        torch.set_num_threads(plan.threads)
    progress(0.0, "what the machine can do")
    engine = Engine.load(plan.device)
    ceilings = measure_ceilings(engine.device)
    starts = {"photostyle --help": min(help_used() for _ in range(3))}
    style = synthetic_photograph(_STYLE, seed=1)
    with tempfile.TemporaryDirectory(prefix="photostyle-bench-") as folder:
        found = list(_alone(plan, engine, style, Path(folder), progress))
    if plan.daemon:
        found += _through_daemon(plan, engine.has_gpu, style, starts, progress)
    about = {**engine_record(engine.device_name), "threads": str(torch.get_num_threads())}
    return Results(about, ceilings, starts, found, engine.has_gpu)


def _alone(plan: BenchPlan, engine: Engine, style: Pixels, folder: Path, progress: Progress) -> Iterator[Measurement]:
    for number, megapixels in enumerate(plan.megapixels):
        path = folder / "content.jpg"
        Image.fromarray(_content(megapixels)).save(path, quality=_QUALITY)
        for spec, runs in zip(plan.specs, _runs(plan, number == 0), strict=True):
            progress(number / len(plan.megapixels) / 2, f"{megapixels:g} MP: {spec.text}")
            done = [measure_alone(spec, megapixels, path, style, engine, run) for run in runs]
            for of_way in zip(*done[number == 0 :], strict=True):
                yield best(of_way, engine.has_gpu)


def _through_daemon(
    plan: BenchPlan, on_gpu: bool, style: Pixels, starts: dict[str, Used], progress: Progress
) -> list[Measurement]:
    found = []
    progress(0.5, "the daemon starts")
    with private_daemon(plan.device, plan.threads) as daemon:
        starts |= daemon.starts
        for number, megapixels in enumerate(plan.megapixels):
            content = _content(megapixels)
            for spec, numbers in zip(plan.specs, _runs(plan, number == 0), strict=True):
                progress(0.5 + number / len(plan.megapixels) / 2, f"{megapixels:g} MP through the daemon: {spec.text}")
                runs = []
                for run in numbers:
                    own = content.copy()
                    own[0, 0] = run % 256
                    runs.append(measure_daemon(spec, megapixels, own, style, daemon))
                found.append(best(runs[number == 0 :], on_gpu))
    return found


def _runs(plan: BenchPlan, is_first: bool) -> list[range]:
    """The numbers of each method's runs: one serves nobody twice, because of what is kept from one job to the next.

    The very first run of a method loads it and looks at the style, and is not counted.
    """
    count = plan.repeats + is_first
    return [range(k * count, (k + 1) * count) for k in range(len(plan.methods))]


def best(runs: Iterable[Measurement], on_gpu: bool = False) -> Measurement:
    """The run that took the processor least; on a GPU, the one that took the least time."""
    return min(runs, key=lambda measurement: measurement.total.counted(on_gpu))


def _content(megapixels: float) -> Pixels:
    height = max(1, round((megapixels * 1e6 * 3 / 4) ** 0.5))
    return np.array(synthetic_photograph((max(1, round(megapixels * 1e6 / height)), height), seed=0))
