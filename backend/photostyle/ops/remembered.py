"""Keep what was computed for the last few pictures."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """The last few values by key; the one that was not asked for longest goes first.

    Args:
        room: How many are kept.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[bytes, Value] = OrderedDict()

    def get(self, key: bytes, compute: Callable[[], Value]) -> Value:
        """The value of a key, computed if it is not kept."""
        if key not in self._kept:
            self._kept[key] = compute()
        self._kept.move_to_end(key)
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)
        return self._kept[key]
