"""Where memory is short: a smaller copy, then the CPU, and a word about it to the person."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from photostyle.machine.memory import gibibytes
from photostyle.methods import registry
from photostyle.stylize.canvas import Canvas
from photostyle.stylize.engine import Engine
from photostyle.stylize.estimate import needed, room_of
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
        raw: The method's raw output at full size, where it is asked for; the method then sees more than the copy.
    """

    on_cpu: bool
    pixels: int
    raw: bool = False


def _ways(task: StylizeTask, has_gpu: bool) -> Sequence[Way]:
    """What to try, one after the other: as asked, smaller, on the CPU, and smaller there."""
    own = min(PROXY_PIXELS, task.content.shape[0] * task.content.shape[1])
    smaller, smallest = max(1, own // SMALLER), max(1, own // SMALLER**2)
    raw = [True, False] if _is_raw(task) else [False]
    if has_gpu:
        return [
            way
            for on_cpu in (False, True)
            for way in (*(Way(on_cpu, PROXY_PIXELS, r) for r in raw), Way(on_cpu, smaller))
        ]
    return [*(Way(True, PROXY_PIXELS, r) for r in raw), Way(True, smaller), Way(True, smallest)]


def _is_raw(task: StylizeTask) -> bool:
    """Whether the raw output is asked for, of a picture that is larger than the copy that a finish needs."""
    finish = task.settings.finish
    own = registry.load(task.settings.method).finish if finish == "auto" else finish
    return own == "none" and task.content.shape[0] * task.content.shape[1] > PROXY_PIXELS


def draw_within_memory(
    task: StylizeTask, canvas: Canvas, progress: Progress, engine: Engine, setbacks: int = 0
) -> tuple[Notice, ...]:
    """Run one job, with less effort where memory will not do, as far as that can be told, or runs out.

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
        eased = _eased(task, way)
        missing = _missing(eased, way, chosen)
        if missing is not None:
            log.info("%s: with %d pixels on %s", missing, way.pixels, chosen.device)
            continue
        try:
            draw(eased, canvas, progress, chosen, way.pixels)
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
        missing = f"This machine has {room_of(chosen.device)} of memory free, and they were not enough"
    raise _failure(task, ways[-1], str(missing))


def _missing(task: StylizeTask, way: Way, engine: Engine) -> str | None:
    """Why there is no use in trying a way, if there is none."""
    need, room = needed(task, registry.load(task.settings.method), way.pixels), room_of(engine.device)
    return None if need <= room.free else f"It needs about {gibibytes(need)} GiB of memory, and {room} are free"


def _eased(task: StylizeTask, way: Way) -> StylizeTask:
    """The raw output at full size is what needs the memory; a smaller copy needs a finish."""
    if way.raw or not _is_raw(task):
        return task
    return replace(task, settings=replace(task.settings, finish="guided"))


def _notices(task: StylizeTask, way: Way, has_gpu: bool) -> Iterator[Notice]:
    if way.on_cpu and has_gpu:
        yield Notice("cpu", "The GPU's memory was not enough; the look was computed on the CPU.")
    if way.pixels < PROXY_PIXELS or (_is_raw(task) and not way.raw):
        size = _size_text(task, way)
        yield Notice("smaller", f"Memory was not enough; the look was computed on a smaller copy of {size} pixels.")


def _failure(task: StylizeTask, way: Way, why: str) -> ResourceError:
    return ResourceError(
        f"Memory is not enough for this method, not even on a copy of {_size_text(task, way)} pixels. {why}.",
        "Close other programs, or choose another method.",
    )


def _size_text(task: StylizeTask, way: Way) -> str:
    height, width = proxy_size(task.content.shape[0], task.content.shape[1], way.pixels)
    return f"{width} × {height}"
