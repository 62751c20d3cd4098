"""Where memory runs out: a smaller copy, then the CPU, and a word about it to the person."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import psutil

from photostyle.stylize.canvas import Canvas
from photostyle.stylize.engine import Engine
from photostyle.stylize.out_of_memory import is_out_of_memory
from photostyle.stylize.pipeline import draw
from photostyle.stylize.proxy import PROXY_PIXELS, proxy_size
from photostyle.stylize.task import StylizeTask
from photostyle_protocol.errors import ResourceError
from photostyle_protocol.outcome import Notice
from photostyle_protocol.progress import Progress

SMALLER = 4
"""How many times fewer pixels the next smaller copy has."""

log = logging.getLogger(__name__)


class Way(NamedTuple):
    """One way to do a job.

    Attributes:
        on_cpu: On the CPU, whatever the engine's device is.
        pixels: Of the copies of content and style that the method sees.
    """

    on_cpu: bool
    pixels: int


def _ways(task: StylizeTask, has_gpu: bool) -> Sequence[Way]:
    """What to try, one after the other: as asked, smaller, on the CPU, and smaller there."""
    own = min(PROXY_PIXELS, task.content.shape[0] * task.content.shape[1])
    smaller, smallest = max(1, own // SMALLER), max(1, own // SMALLER**2)
    if has_gpu:
        return [Way(on_cpu, pixels) for on_cpu in (False, True) for pixels in (PROXY_PIXELS, smaller)]
    return [Way(True, pixels) for pixels in (PROXY_PIXELS, smaller, smallest)]


def draw_within_memory(
    task: StylizeTask, canvas: Canvas, progress: Progress, engine: Engine, setbacks: int = 0
) -> tuple[Notice, ...]:
    """Run one job, with less effort where memory runs out.

    Args:
        task: See `draw`.
        canvas: See `draw`.
        progress: See `draw`; its fraction begins at 0 again with each try.
        engine: See `draw`.
        setbacks: How many times a whole process has died of this job, perhaps for want of memory: so many ways are
            passed over.

    Returns:
        A notice for what was not done as asked.

    Raises:
        ResourceError: There is not even memory for the least; it says how much there is.
        PhotostyleError: See `draw`.
    """
    ways = _ways(task, engine.has_gpu)
    for way in ways[min(setbacks, len(ways) - 1) :]:
        chosen = engine.on_cpu() if way.on_cpu else engine
        try:
            draw(_eased(task, way), canvas, progress, chosen, way.pixels)
            return tuple(_notices(task, way, engine.has_gpu))
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            log.info("memory ran out with %d pixels on %s: %s", way.pixels, chosen.device, error)
        # Only here is the error gone, which holds every tensor of the failed try.
        chosen.release()
        if canvas.is_touched:
            break
        progress(0.0, "starting again")
    raise _failure(task, ways[-1])


def _eased(task: StylizeTask, way: Way) -> StylizeTask:
    """The raw output at full size is what needs the memory; a smaller copy needs a finish."""
    if way.pixels == PROXY_PIXELS or task.settings.finish != "none":
        return task
    return replace(task, settings=replace(task.settings, finish="guided"))


def _notices(task: StylizeTask, way: Way, has_gpu: bool) -> Iterator[Notice]:
    if way.on_cpu and has_gpu:
        yield Notice("cpu", "The GPU's memory was not enough; the look was computed on the CPU.")
    if way.pixels < PROXY_PIXELS:
        size = _size_text(task, way)
        yield Notice("smaller", f"Memory was not enough; the look was computed on a smaller copy of {size} pixels.")


def _failure(task: StylizeTask, way: Way) -> ResourceError:
    memory = psutil.virtual_memory()
    free = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB of this machine's memory are free"
    return ResourceError(
        f"Memory is not enough for this method, not even on a copy of {_size_text(task, way)} pixels ({free}).",
        "Close other programs, or choose another method.",
    )


def _size_text(task: StylizeTask, way: Way) -> str:
    height, width = proxy_size(task.content.shape[0], task.content.shape[1], way.pixels)
    return f"{width} × {height}"
