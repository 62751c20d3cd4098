"""Spans of time the way people write them."""

from __future__ import annotations

import re

from photostyle_protocol.errors import BadOptionError

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds_of(text: str) -> float:
    """``90``, ``90s``, ``10m`` or ``1.5h`` in seconds.

    Raises:
        BadOptionError: Something else, or nothing at all.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip())
    if not found or not float(found[1]):
        raise BadOptionError(f"{text!r} is no span of time.", "Write 90s, 10m or 1.5h.")
    return float(found[1]) * _UNITS[found[2]]
