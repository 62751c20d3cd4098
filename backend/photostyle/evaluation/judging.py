"""From a case and a look to the lines of the table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from photostyle.evaluation.blending import blended
from photostyle.evaluation.cases import Case
from photostyle.evaluation.contestants import Look, as_float
from photostyle.evaluation.measures.base import Measure, Sample
from photostyle.stylize.pixels import to_rgb, to_weight
from photostyle.stylize.task import Pixels

_CPU = torch.device("cpu")


def sample_of(case: Case, output: Pixels) -> Sample:
    """A result with all that it can be judged by.

    Args:
        case: What was asked.
        output: (H, W, 3) uint8.
    """
    truth = None if case.truth is None else to_rgb(case.truth, _CPU)
    return Sample(
        content=to_rgb(case.content, _CPU),
        style=to_rgb(case.style, _CPU),
        output=to_rgb(output, _CPU),
        regions=[_weights(*pair) for pair in case.regions],
        truth=truth,
    )


def _weights(on_content: Pixels, on_style: Pixels) -> tuple[Tensor, Tensor]:
    return to_weight(on_content, _CPU), to_weight(on_style, _CPU)


@torch.inference_mode()
def figures_of(sample: Sample, measures: Sequence[Measure]) -> dict[str, float | None]:
    """Each measure's figure; ``None`` where it does not apply."""
    return {measure.name: _figure(measure, sample) for measure in measures}


def _figure(measure: Measure, sample: Sample) -> float | None:
    value = measure.compute(sample) if measure.applies(sample) else math.nan
    return None if math.isnan(value) else value


def outputs(case: Case, look: Look, strengths: Sequence[float]) -> Iterator[tuple[float, Pixels]]:
    """The result (H, W, 3) uint8 at each strength."""
    content = as_float(case.content)
    for strength in strengths:
        yield strength, blended(content, look.pixels, strength)
