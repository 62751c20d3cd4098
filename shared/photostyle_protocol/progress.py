"""How long work reports where it is, shows what it has so far, and learns that it is no longer wanted."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple, Optional, Protocol


class Glimpse(NamedTuple):
    """What a method that works in steps can show between two of them.

    Attributes:
        losses: The losses of this step by name; what is minimised is called ``total``.
        picture: Makes the picture as it is now, a tensor (1, 3, h, w), 0–1. It is called only if somebody looks, and
            before `Progress` returns.
    """

    losses: Mapping[str, float]
    picture: Callable[[], Any]


class Progress(Protocol):
    """Called between small steps; raises `JobCancelledError` when the person has cancelled."""

    def __call__(self, fraction: float, stage: str, glimpse: Optional[Glimpse] = None) -> None:
        """Report that `fraction` (0–1) of the work is done, what is being done now, and what there is to see."""


def unfollowed(fraction: float, stage: str, glimpse: Optional[Glimpse] = None) -> None:
    """The `Progress` of work that nobody follows."""


def within(progress: Progress, start: float, end: float) -> Progress:
    """The `Progress` of a part of the work.

    Args:
        progress: Of the whole.
        start: Done fraction of the whole, 0–1, when the part begins.
        end: The same when it ends.
    """

    def part(fraction: float, stage: str, glimpse: Optional[Glimpse] = None) -> None:
        progress(start + fraction * (end - start), stage, glimpse)

    return part
