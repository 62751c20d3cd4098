"""Polling with a deadline, instead of sleeping and hoping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(probe: Callable[[], T], seconds: float = 5.0, what: str = "") -> T:
    """Call `probe` until it returns something true, and return that.

    Args:
        probe: Asked about 50 times a second.
        seconds: The deadline.
        what: What is waited for, for the message.

    Raises:
        AssertionError: The deadline passed.
    """
    deadline = time.monotonic() + seconds
    while True:
        if found := probe():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain for {what or probe}")
        time.sleep(0.02)
