"""What a check of `photostyle doctor` found."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Verdict(enum.Enum):
    """How a check ended; only `FAIL` keeps Photostyle from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """One line of the doctor."""

    verdict: Verdict
    what: str
    advice: str = ""
