"""How much memory a job will need beside its pictures, told before it begins."""

from __future__ import annotations

import torch

from photostyle.machine.memory import Room, memory_room
from photostyle.methods.base import Method
from photostyle.methods.mapped import MappedMethod
from photostyle.methods.overview import TiledMethod
from photostyle.stylize import strips, tiles
from photostyle.stylize.auto_regions import COUNT
from photostyle.stylize.task import StylizeTask

_STRIP_BYTES, _OF_EACH_REGION = 160, 30
"""Of each pixel of a strip while the finish is put on it; measured, like what the methods declare."""
_SMALL_COPIES = 60
"""Of each pixel that the method sees: content, style, weights, masks and the fit."""


def needed(task: StylizeTask, method: type[Method], pixels: int) -> int:
    """Bytes that a job takes at its peak, beside its pictures.

    Args:
        task: The job.
        method: Its method.
        pixels: Of the copies of content and style that the method sees.
    """
    height, width = (int(side) for side in task.content.shape[:2])
    finish = method.finish if task.settings.finish == "auto" else task.settings.finish
    regions = COUNT if task.settings.regions == "auto" else len(task.regions)
    of_strips = max(strips.STRIP_PIXELS, width) * (_STRIP_BYTES + _OF_EACH_REGION * regions)
    seen = min(pixels, height * width)
    copies = seen * (_SMALL_COPIES + _OF_EACH_REGION * regions)
    if finish == "none" and height * width > pixels:
        if issubclass(method, MappedMethod):
            seen = 0
        elif issubclass(method, TiledMethod):
            return method.working_bytes + copies + of_strips + _of_tiles(method, width, regions)
        else:
            seen = height * width
    return method.memory(seen, method.complete(task.settings.options)) + copies + of_strips


def _of_tiles(method: type[TiledMethod], width: int, regions: int) -> int:
    rows = tiles.band_rows(width, method.multiple) + 2 * method.halo
    tile = (min(width, tiles.SIDE) + 2 * method.halo) * rows * method.pixel_bytes
    band = width * rows
    return tile + band * (_STRIP_BYTES + _OF_EACH_REGION * regions)


def room_of(device: torch.device) -> Room:
    """The memory that is there for a job on a device."""
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        return Room(free, total)
    return memory_room()
