"""One job in this process, from a file to a file, and then the same with another strength."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil

from photostyle.bench.clock import StageClock
from photostyle.bench.device import settle, watched_device
from photostyle.bench.measurement import ALONE, SLIDER, Measurement
from photostyle.bench.memory import watched_memory
from photostyle.evaluation.method_spec import MethodSpec
from photostyle.imaging.reading import read_picture
from photostyle.imaging.writing import write_picture
from photostyle.machine.allocator import JOBS, keep_freed_memory
from photostyle.stylize.canvas import ArrayCanvas
from photostyle.stylize.engine import Engine
from photostyle.stylize.fallback import draw_within_memory
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask

_OTHER_STRENGTH = 0.8


def measure_alone(  # noqa: PLR0913, PLR0917 - what is run, and on what
    spec: MethodSpec, megapixels: float, content: Path, style: Pixels, engine: Engine, number: int
) -> list[Measurement]:
    """Run it once.

    Args:
        spec: The method.
        megapixels: Of the content.
        content: Its file; the result is written beside it.
        style: The style photograph.
        engine: Where.
        number: Of this run: each has a content of its own, so that nothing is known again from another run.
    """
    clock, again = (StageClock(partial(settle, engine.device)) for _ in range(2))
    with watched_memory(psutil.Process()) as peak, watched_device(engine.device) as on_device:
        with clock.part("read"):
            picture = read_picture(content)
        pixels = picture.pixels.copy()
        pixels[0, 0] = number % 256
        task = StylizeTask(pixels, (RegionPixels(style),), None, spec.settings)
        drawn = _drawn(task, clock, engine)
        with clock.part("write"):
            write_picture(content.with_name("result.jpg"), picture.with_pixels(drawn))
    with watched_memory(psutil.Process()) as small_peak, watched_device(engine.device) as small_on_device:
        _drawn(replace(task, settings=replace(spec.settings, strength=_OTHER_STRENGTH)), again, engine)
    return [
        Measurement(spec.text, megapixels, ALONE, clock.stages, peak.bytes, on_device.bytes),
        Measurement(spec.text, megapixels, SLIDER, again.stages, small_peak.bytes, small_on_device.bytes),
    ]


def _drawn(task: StylizeTask, clock: StageClock, engine: Engine) -> Pixels:
    keep_freed_memory(JOBS)
    canvas = ArrayCanvas.like(task.content)
    with clock.computing():
        draw_within_memory(task, canvas, clock, engine)
    return canvas.pixels
