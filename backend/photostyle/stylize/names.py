"""Names for what a job works on: the same pixels and choices have the same name."""

from __future__ import annotations

import hashlib
import itertools
from typing import NamedTuple

import numpy as np

from photostyle.stylize.strips import strips
from photostyle.stylize.task import Pixels, StylizeTask
from photostyle_protocol.look_file import LookFile

_MOST_BYTES = 1 << 28
"""Of the content: to read a larger one only for its name takes long, and few people move a slider over it."""
_MOST_REGIONS = 8
"""More of them have looks that are too large to be kept."""


class Names(NamedTuple):
    """What to look a job up by.

    Attributes:
        scene: Content, mask, styles and regions, and the method.
        look: The same with the method's options and the finish: all but what only decides how a look is put on.
    """

    scene: bytes
    look: bytes


def names_of(task: StylizeTask, more: str) -> Names | None:
    """The names of a job, or nothing if it is too large for its look to be kept.

    Args:
        task: The job.
        more: What else the look depends on.
    """
    if len(task.regions) > _MOST_REGIONS or not (task.known_as or task.content.nbytes <= _MOST_BYTES):
        return None
    found = hashlib.sha256(f"{task.settings.method} {task.settings.regions} {task.space}".encode())
    for region in task.regions:
        found.update(f"{region.strength} {region.space}".encode())
    if task.known_as:
        found.update(f"known as {task.known_as}".encode())
    else:
        _add_pixels(found, task)
    scene = found.digest()
    options = sorted(task.settings.options.items())
    return Names(scene, hashlib.sha256(scene + f"{options} {task.settings.finish} {more}".encode()).digest())


def pixels_name(pixels: Pixels) -> bytes:
    """The name of a picture, by all that it holds."""
    found = hashlib.sha256()
    _add(found, pixels)
    return found.digest()


def _add_pixels(found: hashlib._Hash, task: StylizeTask) -> None:
    parts = ((region.style, region.content_mask, region.style_mask) for region in task.regions)
    for part in (task.content, task.mask, *itertools.chain.from_iterable(parts)):
        _add(found, part)


def _add(found: hashlib._Hash, part: Pixels | LookFile | None) -> None:
    if isinstance(part, LookFile):
        found.update(b"look" + hashlib.sha256(part.data).digest())
    elif part is not None:
        found.update(f"{part.shape} {part.dtype}".encode())
        for rows in strips(*part.shape[:2]):
            found.update(np.ascontiguousarray(part[rows]).data)
    else:
        found.update(b"none")
