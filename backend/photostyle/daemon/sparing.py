"""A log that a flood of the same event does not fill."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

PER_MINUTE = 20
"""How often one kind of line is written in a minute."""

_MINUTE = 60.0


@dataclass
class _Count:
    since: float
    seen: int = 0


class Sparing(logging.Filter):
    """Lets each kind of line through a few times a minute; the next one after that says how many were left out.

    A kind is what the call says, before values are filled in.
    """

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[object, _Count] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line is written."""
        now = time.monotonic()
        kind = record.msg
        count = self._counts.setdefault(kind, _Count(now))
        if now - count.since > _MINUTE:
            left_out = count.seen - PER_MINUTE
            if left_out > 0:
                record.msg = f"{kind} (and {left_out} times more before)"
            count.since, count.seen = now, 0
        count.seen += 1
        return count.seen <= PER_MINUTE
