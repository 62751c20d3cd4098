"""The first pass over a series: the statistics of all contents, as exact as if they were one picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import torch

from photostyle.ops.gaussian import Gaussian, GaussianSum
from photostyle.stylize.engine import Engine
from photostyle.stylize.proxy import PROXY_PIXELS, proxy_size
from photostyle.stylize.regions import build_regions
from photostyle.stylize.seen import see
from photostyle.stylize.series import EnoughHeardError, Listener, Series, check_series
from photostyle.stylize.styles import styles_of
from photostyle.stylize.task import StylizeTask
from photostyle_protocol.errors import BadInputError, BadOptionError
from photostyle_protocol.progress import unfollowed


@torch.inference_mode()
def collect(tasks: Callable[[], Iterable[StylizeTask]], engine: Engine) -> Series:
    """Collect the statistics that a method asks for.

    Args:
        tasks: The series, once more at each call: a method may ask again when it has its first answer.
        engine: The device and the warm methods.

    Raises:
        BadOptionError: The method knows no series, or the tasks have regions.
        BadInputError: There is nothing in the series.
    """
    series = Series(())
    while True:
        sums: list[GaussianSum] = []
        for heard in _heard(tasks(), engine, series, sums):
            if not heard:
                return series
        if not sums:
            raise BadInputError("None of the pictures can be read.", "A series needs one at least.")
        answer = [Gaussian(*(tensor.cpu() for tensor in found.total())) for found in sums]
        series = Series((*series.answers, answer))


def _heard(tasks: Iterable[StylizeTask], engine: Engine, series: Series, sums: list[GaussianSum]) -> Iterator[bool]:
    """Whether a question was left, picture by picture."""
    for task in tasks:
        method = check_series(engine.method(task.settings.method), task.settings)
        options = method.complete(task.settings.options)
        seen = see(task, proxy_size(task.content.shape[0], task.content.shape[1], PROXY_PIXELS), engine.device)
        styles = styles_of(task.regions, engine, PROXY_PIXELS)
        regions = build_regions(task.regions, styles, seen.content, seen.weight).regions
        if len(regions) != 1:
            raise BadOptionError("A series cannot have regions.", "Leave them out, or --consistent.")
        listener = Listener(series, regions, engine.device, sums)
        try:
            method.paint(seen.content, regions, options, unfollowed, listener)
        except EnoughHeardError:
            yield True
        else:
            yield False
