"""How long work reports where it is, and learns that it is no longer wanted."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called between small steps; raises `JobCancelledError` when the person has cancelled."""

    def __call__(self, fraction: float, stage: str) -> None:
        """Report that `fraction` (0–1) of the work is done and what is being done now."""
