"""What a measure is, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from torch import Tensor

RegionWeights = tuple[Tensor, Tensor]
"""Where one region lies: (1, 1, H, W) on the output and (1, 1, h, w) on the style, 0–1."""


class Sample(NamedTuple):
    """One result to judge. Pictures are (1, 3, H, W), encoded RGB, 0–1, float32.

    Attributes:
        content: What was styled.
        style: Whose look was asked for; any size.
        output: The result, as large as the content.
        regions: What corresponds between output and style; empty where nothing was said.
        truth: The known right answer, where there is one.
    """

    content: Tensor
    style: Tensor
    output: Tensor
    regions: Sequence[RegionWeights] = ()
    truth: Tensor | None = None

    def known_truth(self) -> Tensor:
        """The truth, for a measure that says it needs one."""
        if self.truth is None:
            raise ValueError("This measure compares with a truth, and the sample has none.")
        return self.truth


Need = Literal["regions", "truth"]


@dataclass(frozen=True)
class Measure:
    """One figure for one result.

    Attributes:
        name: In tables, columns and on the command line.
        title: For people.
        paper: Where it comes from.
        low: The smallest value it can take.
        high: The largest; may be infinite.
        better: Which way is better.
        compute: The figure of a sample; nan where it has none, being too small.
        needs: What a sample must have; without it the measure has no figure there.
    """

    name: str
    title: str
    paper: str
    low: float
    high: float
    better: Literal["higher", "lower"]
    compute: Callable[[Sample], float]
    needs: frozenset[Need] = frozenset()

    def applies(self, sample: Sample) -> bool:
        """Whether the sample has what the measure needs."""
        has: dict[Need, bool] = {"regions": bool(sample.regions), "truth": sample.truth is not None}
        return all(has[need] for need in self.needs)
