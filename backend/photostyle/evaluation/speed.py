"""Run time by resolution."""

from __future__ import annotations

import csv
import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from photostyle.evaluation.method_spec import MethodSpec
from photostyle.evaluation.record import engine_record
from photostyle.evaluation.tables import markdown
from photostyle.imaging.output_folder import make_folder
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.progress import Progress, unfollowed

Size = tuple[int, int]
"""Width and height in pixels."""

_STYLE: Size = (1024, 768)
_CLOUDS = 512


class Seconds(NamedTuple):
    """How long one result took.

    Attributes:
        wall: Of the clock.
        cpu: Of the processor, over all threads.
    """

    wall: float
    cpu: float


Times = Mapping[tuple[str, Size], Sequence[Seconds]]
"""Those of each method and size, in order."""


@dataclass(frozen=True)
class SpeedPlan:
    """What to run, without regions.

    Attributes:
        methods: See `method_spec.GRAMMAR`.
        sizes: Of the content.
        repeats: How often.
        reference: The method whose time is 1.
        device: Where.

    Raises:
        BadOptionError: A method or an option is unknown, or the reference is none of the methods.
    """

    methods: Sequence[str]
    sizes: Sequence[Size]
    repeats: int
    reference: str
    device: str

    def __post_init__(self) -> None:
        _ = self.specs
        if self.reference not in self.methods:
            raise BadOptionError(
                f"The reference {self.reference} is none of the methods.", f"Choose from: {', '.join(self.methods)}."
            )

    @property
    def specs(self) -> list[MethodSpec]:
        """The methods, understood."""
        return [MethodSpec.parse(text) for text in self.methods]


def write_speed(plan: SpeedPlan, out: Path, progress: Progress) -> str:
    """Measure, and write ``speed.csv`` and ``table.md``.

    Returns:
        The table's text.
    """
    engine = Engine.load(plan.device)
    make_folder(out)
    times = time_methods(plan, engine, progress)
    _write_times(out / "speed.csv", times)
    head = "\n".join(f"- {name}: {value}" for name, value in engine_record(engine.device_name).items())
    about = f"The fastest of {plan.repeats}; in brackets, as a multiple of {plan.reference} at that size."
    text = f"# speed\n\n{head}\n\n{about}\n\n{speed_table(times, plan.reference)}\n"
    (out / "table.md").write_text(text, encoding="utf-8")
    return text


def time_methods(plan: SpeedPlan, engine: Engine, progress: Progress) -> Times:
    """Run every method at every size, in turns, so that a machine that is slow for a while is slow for all.

    Args:
        plan: What to run.
        engine: Where.
        progress: Called before each run.
    """
    style = synthetic_photograph(_STYLE, seed=1)
    found: dict[tuple[str, Size], list[Seconds]] = {(name, size): [] for name in plan.methods for size in plan.sizes}
    done, total = 0, len(plan.methods) * (1 + plan.repeats * len(plan.sizes))
    for number, size in enumerate(plan.sizes):
        content = synthetic_photograph(size, seed=0).copy()
        # The very first run of a method loads it and looks at the style, and is not counted.
        turns = [*([False] if number == 0 else []), *[True] * plan.repeats]
        for counted, spec in itertools.product(turns, plan.specs):
            progress(done / total, f"{_size_text(size)}: {spec.text}")
            content[0, 0] = done % 256  # another picture each time: of the last ones an engine and a method keep a lot
            seconds = _timed(spec, content, style, engine)
            done += 1
            if counted:
                found[spec.text, size].append(seconds)
    return found


def _timed(spec: MethodSpec, content: Pixels, style: Pixels, engine: Engine) -> Seconds:
    task = StylizeTask(content, (RegionPixels(style),), None, spec.settings)
    wall, cpu = time.perf_counter(), time.process_time()
    stylize(task, unfollowed, engine)
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu)


def synthetic_photograph(size: Size, seed: int) -> Pixels:
    """Clouds of colour (height, width, 3) uint8: run time hardly depends on what there is to be seen."""
    generator = torch.Generator().manual_seed(seed)
    total = torch.zeros((1, 3, _CLOUDS, _CLOUDS))
    for cells in (2, 4, 8, 16, 32, 64, 128):
        noise = torch.randn((1, 3, cells, cells), generator=generator)
        total += F.interpolate(noise, size=(_CLOUDS, _CLOUDS), mode="bilinear", align_corners=False) / cells**0.5
    eight = (total / (4 * total.std()) + 0.5).clamp(0, 1).mul(255).byte()[0].permute(1, 2, 0)
    return np.asarray(Image.fromarray(eight.numpy()).resize(size, Image.Resampling.BICUBIC))


def _size_text(size: Size) -> str:
    return f"{size[0]} × {size[1]}"


def _write_times(path: Path, times: Times) -> None:
    """All runs, a line for each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["method", "width", "height", "seconds", "cpu_seconds"])
        for (method, size), runs in times.items():
            writer.writerows([method, *size, *run] for run in runs)


def speed_table(times: Times, reference: str) -> str:
    """The least seconds of each method by size, and in brackets their ratio to the reference's at that size."""
    methods = list(dict.fromkeys(method for method, _ in times))
    sizes = list(dict.fromkeys(size for _, size in times))
    lines = []
    for kind in Seconds._fields:
        for method in methods:
            best = [_least(times[method, size], kind) for size in sizes]
            own = [_least(times[reference, size], kind) for size in sizes]
            cells = [f"{b:.3f} ({b / max(o, 1e-9):.2f})" for b, o in zip(best, own, strict=True)]
            lines.append([method, kind, *cells])
    return markdown(["method", "seconds", *map(_size_text, sizes)], lines)


def _least(seconds: Sequence[Seconds], kind: str) -> float:
    return min(float(getattr(each, kind)) for each in seconds)
