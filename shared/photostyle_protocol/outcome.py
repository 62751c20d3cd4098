"""What a job says beside its picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple


@dataclass(frozen=True)
class LossCurve:
    """How one loss of a method that works in steps went.

    Attributes:
        name: The loss; what is minimised is called ``total``.
        seconds: When, since the first step; rising.
        values: Its value then, finite.
    """

    name: str
    seconds: Tuple[float, ...]
    values: Tuple[float, ...]


@dataclass(frozen=True)
class Notice:
    """Something a person should know about a result that is there all the same.

    Attributes:
        code: ``smaller`` (memory ran out, and the look was computed on a smaller copy) or ``cpu`` (on the CPU instead
            of the GPU); a code to come may be unknown.
        message: A sentence.
    """

    code: str
    message: str
