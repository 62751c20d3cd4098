"""One look for a series: what a picture shows beside a thing does not change the thing's colour."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from photostyle.stylize.collecting import collect
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.errors import BadInputError, BadOptionError
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings

STEP = 16
"""Pixels between two frames."""

Make = Callable[[Sequence[Pixels], Settings], list[StylizeTask]]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("cpu")


@pytest.fixture(scope="module")
def lapse(photographs: Mapping[str, np.ndarray]) -> list[Pixels]:
    """A camera that pans over a photograph."""
    whole = np.asarray(Image.fromarray(photographs["coffee"]).resize((300, 200)))
    return [whole[:, start : start + 180].copy() for start in range(0, 112, STEP)]


@pytest.fixture(scope="module")
def tasks(photographs: Mapping[str, np.ndarray]) -> Make:
    style = np.asarray(Image.fromarray(photographs["rocket"]).resize((160, 120)))
    return lambda pictures, settings: [StylizeTask(p, (RegionPixels(style),), None, settings) for p in pictures]


def flicker(frames: Sequence[Pixels]) -> float:
    """How much the mean colour of what two frames in a row both show changes, in steps of 8 bits."""
    apart = [
        np.abs((one[:, STEP:].astype(float) - two[:, :-STEP]).mean((0, 1))).mean()
        for one, two in itertools.pairwise(frames)
    ]
    return float(np.mean(apart))


@pytest.mark.parametrize("method", ["rest", "monge-kantorovich", "reinhard"])
def test_a_pan_does_not_flicker(lapse: list[Pixels], tasks: Make, engine: Engine, method: str) -> None:
    settings = Settings(method)
    series = collect(lambda: tasks(lapse, settings), engine)
    alone = [stylize(task, unfollowed, engine) for task in tasks(lapse, settings)]
    together = [stylize(replace(task, series=series), unfollowed, engine) for task in tasks(lapse, settings)]
    assert flicker(lapse) == 0
    assert flicker(together) < 0.1 * flicker(alone)
    assert flicker(alone) > 0.2


@pytest.mark.parametrize(("method", "size"), [("monge-kantorovich", (1200, 700)), ("rest", (240, 140))])
def test_a_series_of_one_is_that_picture(
    photographs: Mapping[str, np.ndarray], tasks: Make, engine: Engine, method: str, size: tuple[int, int]
) -> None:
    """The larger one is painted tile by tile."""
    picture = np.asarray(Image.fromarray(photographs["chelsea"]).resize(size))
    (task,) = tasks([picture], Settings(method))
    series = collect(lambda: [task], engine)
    apart = stylize(replace(task, series=series), unfollowed, engine).astype(int) - stylize(task, unfollowed, engine)
    assert np.abs(apart).mean() < 0.5, "but for the size of the copy that is measured, and half precision"


def test_what_is_not_selected_does_not_count(lapse: list[Pixels], tasks: Make, engine: Engine) -> None:
    """A mask limits a series' statistics as it limits a picture's."""
    settings = Settings("monge-kantorovich")
    mask = np.zeros(lapse[0].shape[:2], np.uint8)
    mask[:, :90] = 255
    painted = [frame.copy() for frame in lapse]
    for frame in painted:
        frame[:, 90:] = (255, 0, 255)

    def masked(pictures: Sequence[Pixels]) -> list[StylizeTask]:
        return [replace(task, mask=mask) for task in tasks(pictures, settings)]

    one, two = (collect(lambda pictures=pictures: masked(pictures), engine) for pictures in (lapse, painted))  # type: ignore[misc]
    for a, b in zip(one.answers[0], two.answers[0], strict=True):
        np.testing.assert_allclose(a.mean, b.mean, atol=1e-3)


@pytest.mark.parametrize(
    "settings", [Settings("pitie"), Settings("rest", regions="auto"), Settings("rest", finish="none")]
)
def test_what_has_no_look_for_a_series_is_refused(
    lapse: list[Pixels], tasks: Make, engine: Engine, settings: Settings
) -> None:
    with pytest.raises(BadOptionError):
        collect(lambda: tasks(lapse, settings), engine)


def test_regions_are_refused(lapse: list[Pixels], tasks: Make, engine: Engine) -> None:
    (task,) = tasks(lapse[:1], Settings("monge-kantorovich"))
    series = collect(lambda: [task], engine)
    half = np.zeros(lapse[0].shape[:2], np.uint8)
    half[:50] = 255
    regions = (replace(task.regions[0], content_mask=half),)
    with pytest.raises(BadOptionError, match="regions"):
        collect(lambda: [replace(task, regions=regions)], engine)
    with pytest.raises(BadOptionError, match="regions"):
        stylize(replace(task, regions=regions, series=series), unfollowed, engine)


def test_a_series_of_nothing(engine: Engine) -> None:
    with pytest.raises(BadInputError, match="None of the pictures"):
        collect(list, engine)
