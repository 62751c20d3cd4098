"""What an evaluation is made of: cases, each with a content, a style and perhaps regions and a truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from photostyle.stylize.task import Pixels


class Case(NamedTuple):
    """One picture to make and to judge. All pictures are (H, W, 3) uint8 in sRGB.

    Attributes:
        name: Tells it from the others of its benchmark.
        content: What is styled.
        style: Whose look is wanted.
        regions: Masks, 0–255, on the content and on the style, of what corresponds; may be empty.
        truth: The right answer, where it is known.
    """

    name: str
    content: Pixels
    style: Pixels
    regions: Sequence[tuple[Pixels, Pixels]] = ()
    truth: Pixels | None = None


class Benchmark(Protocol):
    """Where cases come from."""

    @property
    def names(self) -> Sequence[str]:
        """The cases in the order of tables."""

    @property
    def record(self) -> Mapping[str, str | int]:
        """What the cases depend on, for the record of a run."""

    def load(self, name: str) -> Case:
        """One of the cases.

        Raises:
            BadInputError: A picture of it cannot be used; the others may be.
        """
