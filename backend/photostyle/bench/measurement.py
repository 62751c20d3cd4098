"""What is measured, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from photostyle.bench.clock import Used
from photostyle.evaluation.method_spec import MethodSpec

ALONE, SLIDER, DAEMON = "alone", "slider", "daemon"
"""In one process with files; the strength changed after that; through a daemon without files."""
FILES = ("read", "write")


@dataclass(frozen=True)
class BenchPlan:
    """What to run.

    Attributes:
        methods: See `method_spec.GRAMMAR`.
        megapixels: Sizes of the content, 4:3.
        repeats: How often; the run with the least seconds of the processor counts.
        device: Where.
        threads: Of torch; 0 leaves the choice to it.
        daemon: Whether to measure a daemon as well.

    Raises:
        BadOptionError: A method or an option is unknown.
    """

    methods: tuple[str, ...]
    megapixels: tuple[float, ...]
    repeats: int
    device: str
    threads: int
    daemon: bool

    def __post_init__(self) -> None:
        _ = self.specs

    @property
    def specs(self) -> list[MethodSpec]:
        """The methods, understood."""
        return [MethodSpec.parse(text) for text in self.methods]


@dataclass(frozen=True)
class Measurement:
    """The best run of one method at one size.

    Attributes:
        method: As it was typed.
        megapixels: Of the content.
        way: `ALONE`, `SLIDER` or `DAEMON`.
        stages: What each took, in order.
        peak_bytes: Memory beyond what was there before, the content included; of the process that computes.
        device_bytes: The same on a GPU, as far as it was this process that computed.
    """

    method: str
    megapixels: float
    way: str
    stages: Mapping[str, Used]
    peak_bytes: int
    device_bytes: int = 0

    @property
    def total(self) -> Used:
        """Of all stages but reading and writing files."""
        parts = (used for name, used in self.stages.items() if name not in FILES)
        return reduce(Used.plus, parts, Used(0, 0))
