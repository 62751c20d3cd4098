"""Keep what was computed for the last few pictures."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


def _uncounted(_value: object) -> int:
    return 0


class Remembered(Generic[Value]):
    """The last few values by key; the one that was not asked for longest goes first.

    Args:
        room: How many are kept.
        most_bytes: Of all that are kept.
        nbytes: How many a value has, where they count.
    """

    def __init__(self, room: int, most_bytes: float = math.inf, nbytes: Callable[[Value], int] = _uncounted) -> None:
        self._room = room
        self._most_bytes = most_bytes
        self._nbytes = nbytes
        self._kept: OrderedDict[bytes, Value] = OrderedDict()

    def get(self, key: bytes, compute: Callable[[], Value]) -> Value:
        """The value of a key, computed if it is not kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        value = self._kept[key] = compute()
        while self._is_over():
            self._kept.popitem(last=False)
        return value

    def _is_over(self) -> bool:
        return len(self._kept) > self._room or sum(map(self._nbytes, self._kept.values())) > self._most_bytes
