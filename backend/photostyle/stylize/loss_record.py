"""The losses of a method that works in steps, kept small however long it takes."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from photostyle_protocol.outcome import LossCurve

MOST_POINTS = 200
"""Points of one curve; more could not be seen, and all curves must fit into one header of the protocol."""

MOST_CURVES = 12
_NAME_LENGTH = 40


class LossRecord:
    """Curves of every loss along the time since the first step.

    Where a curve would get too long, every second point is left out from then on, and of those that are there.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        self._stride = 1
        self._seen = 0
        self._points: dict[str, list[tuple[float, float]]] = {}
        self._last: dict[str, tuple[float, float]] = {}

    def add(self, losses: Mapping[str, float]) -> None:
        """Take in the losses of one step; what is not finite is left out."""
        clock = time.perf_counter()
        self._since = clock if self._since is None else self._since
        now = clock - self._since
        for name, value in losses.items():
            if math.isfinite(value):
                self._add(name[:_NAME_LENGTH], now, float(value))
        self._seen += 1
        if any(len(points) > MOST_POINTS for points in self._points.values()):
            self._thin()

    def curves(self) -> tuple[LossCurve, ...]:
        """One curve for each loss, its last value always in it."""
        return tuple(_curve(name, self._points.get(name, []), last) for name, last in self._last.items())

    def _add(self, name: str, now: float, value: float) -> None:
        if name not in self._last and len(self._last) >= MOST_CURVES:
            return
        self._last[name] = now, value
        if self._seen % self._stride == 0:
            self._points.setdefault(name, []).append((now, value))

    def _thin(self) -> None:
        self._stride *= 2
        self._points = {name: points[::2] for name, points in self._points.items()}


def _curve(name: str, points: list[tuple[float, float]], last: tuple[float, float]) -> LossCurve:
    seconds, values = zip(*(points if points[-1:] == [last] else [*points, last]), strict=True)
    return LossCurve(name, seconds, values)
