"""A look that was made is put on again, and never on what it was not made for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.progress import Glimpse
from photostyle_protocol.request import Settings

LOOKED = "content features"


@pytest.fixture(scope="module")
def warm() -> Engine:
    return Engine.load("cpu")


@pytest.fixture
def task(small) -> StylizeTask:
    return StylizeTask(small["coffee"], (RegionPixels(small["chelsea"]),), None, Settings())


def made(task: StylizeTask, engine: Engine) -> tuple[Pixels, list[str]]:
    stages: list[str] = []

    def follow(fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        stages.append(stage)

    return stylize(task, follow, engine), stages


def half(pixels: Pixels) -> Pixels:
    mask = np.zeros(pixels.shape[:2], np.uint8)
    mask[:, : mask.shape[1] // 2] = 255
    return mask


@pytest.mark.parametrize("change", [{"strength": 0.4}, {"keep_luminance": True}, {"strength": 0.7}])
def test_what_only_puts_a_look_on_does_not_make_it_again(task: StylizeTask, warm: Engine, change) -> None:
    made(task, warm)
    other = replace(task, settings=replace(task.settings, **change))
    result, stages = made(other, warm)
    assert LOOKED not in stages
    assert np.array_equal(result, made(other, Engine(torch.device("cpu")))[0])


def test_a_look_is_known_again_by_pixels_and_not_by_memory(task: StylizeTask, warm: Engine) -> None:
    first, _ = made(task, warm)
    again, stages = made(replace(task, content=task.content.copy()), warm)
    assert LOOKED not in stages
    assert np.array_equal(again, first)
    task.content[:10] //= 2
    assert LOOKED in made(task, warm)[1]


def test_whatever_changes_a_look_makes_it_again(task: StylizeTask, warm: Engine, small) -> None:
    made(task, warm)
    (region,) = task.regions
    settings = task.settings
    others = [
        replace(task, mask=half(task.content), limit_to_mask=False),
        replace(task, space=LINEAR_LIGHT),
        replace(task, regions=(RegionPixels(small["rocket"]),)),
        replace(task, regions=(replace(region, space=LINEAR_LIGHT),)),
        replace(task, regions=(replace(region, style_mask=half(region.style)),)),
        replace(task, regions=(replace(region, content_mask=half(task.content)),)),
        replace(task, settings=replace(settings, finish="guided")),
        replace(task, settings=replace(settings, options={"transform": "wct"})),
    ]
    for other in others:
        result, stages = made(other, warm)
        assert LOOKED in stages
        assert np.array_equal(result, made(other, Engine(torch.device("cpu")))[0])


def test_the_network_is_not_asked_again_for_an_option_that_only_weighs(task: StylizeTask, warm: Engine) -> None:
    made(task, warm)
    other = replace(task, settings=replace(task.settings, options={"fidelity": 0.1, "residual": 0.5}))
    result, stages = made(other, warm)
    assert LOOKED not in stages
    assert "fitting the finish" in stages
    assert np.array_equal(result, made(other, Engine(torch.device("cpu")))[0])


def test_nothing_is_kept_of_an_engine_that_gives_its_memory_back(task: StylizeTask) -> None:
    engine = Engine(torch.device("cpu"))
    made(task, engine)
    engine.release()
    assert LOOKED in made(task, engine)[1]


def test_pixels_that_have_a_name_are_known_again_by_it_alone(task: StylizeTask, warm: Engine) -> None:
    named = replace(task, known_as="one")
    first, _ = made(named, warm)
    again, stages = made(replace(named, settings=replace(task.settings, strength=0.5)), warm)
    assert LOOKED not in stages
    assert not np.array_equal(again, first)
    for other in (replace(named, known_as="two"), replace(named, space=LINEAR_LIGHT)):
        assert LOOKED in made(other, warm)[1]
