"""What this process has in GIMP outside everything that a person sees: copies of layers, loaded style pictures.

GIMP keeps such things until it ends, even when the plug-in that made them is killed, as GIMP's own Cancel does. So each
run notes with GIMP what it has, under its process, and the next run deletes what those of ended processes have left.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gi.repository import Gimp

_PREFIX = "photostyle-has-"
_held: list[Any] = []


@contextmanager
def held(thing: Any) -> Iterator[Any]:
    """Have a layer, a mask or an image that no one sees; it is deleted at the end."""
    hold(thing)
    try:
        yield thing
    finally:
        drop(thing)


def hold(thing: Any) -> None:
    """Note that this process has it."""
    _held.append(thing)
    _note()


def release(thing: Any) -> None:
    """Note that it is not this process's any more: before it enters an image, and when it is gone."""
    _held.remove(thing)
    _note()


def drop(thing: Any) -> None:
    """Delete it."""
    thing.delete()
    release(thing)


def sweep() -> None:
    """Delete what runs that were killed had."""
    for name in Gimp.get_parasite_list():
        if name.startswith(_PREFIX) and not _lives(int(name.removeprefix(_PREFIX))):
            for number in bytes(Gimp.get_parasite(name).get_data()).split():
                _delete(int(number))
            Gimp.detach_parasite(name)


def _note() -> None:
    name = f"{_PREFIX}{os.getpid()}"
    if _held:
        # Images are counted apart from layers and masks: theirs are below zero.
        numbers = (-thing.get_id() if isinstance(thing, Gimp.Image) else thing.get_id() for thing in _held)
        Gimp.attach_parasite(Gimp.Parasite.new(name, 0, " ".join(map(str, numbers)).encode()))
    else:
        Gimp.detach_parasite(name)


def _delete(number: int) -> None:
    kind = Gimp.Image if number < 0 else Gimp.Item
    if kind.id_is_valid(abs(number)):
        kind.get_by_id(abs(number)).delete()


def _lives(process: int) -> bool:
    if os.name != "posix":
        return True  # only POSIX can ask about a process without touching it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
