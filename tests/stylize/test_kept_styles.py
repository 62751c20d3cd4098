"""A style that a perceptual network has seen is not shown to it again, and never taken for another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from photostyle.features.base import Features
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.errors import JobCancelledError
from photostyle_protocol.progress import Glimpse, unfollowed
from photostyle_protocol.request import Settings
from support.networks import QuickOptions

LOOKING = ("gatys", "multistage", "hires")


@pytest.fixture
def task(small, quick_options: QuickOptions) -> StylizeTask:
    """The style is upright and the content is not: what the network is shown tells which it is."""
    style = np.ascontiguousarray(small["chelsea"].swapaxes(0, 1))
    settings = Settings(method="gatys", options=quick_options("gatys"))
    return StylizeTask(small["coffee"], (RegionPixels(style),), None, settings)


@contextmanager
def styles_shown() -> Iterator[list[tuple[int, ...]]]:
    """The shapes of the upright pictures that any perceptual network is shown."""
    shown: list[tuple[int, ...]] = []

    def see(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        if isinstance(module, Features) and inputs[0].shape[2] > inputs[0].shape[3]:
            shown.append(tuple(inputs[0].shape))

    handle = nn.modules.module.register_module_forward_pre_hook(see)
    try:
        yield shown
    finally:
        handle.remove()


def made(task: StylizeTask, engine: Engine) -> tuple[Pixels, int]:
    """The result, and how often a network was shown a style for it."""
    with styles_shown() as shown:
        return stylize(task, unfollowed, engine), len(shown)


def fresh() -> Engine:
    return Engine(torch.device("cpu"))


def with_options(task: StylizeTask, **options: object) -> StylizeTask:
    return replace(task, settings=replace(task.settings, options={**task.settings.options, **options}))


@pytest.mark.parametrize("method", LOOKING)
def test_a_style_is_looked_at_for_the_first_job_alone(task: StylizeTask, quick_options, method: str) -> None:
    engine = fresh()
    task = replace(task, settings=Settings(method=method, options=quick_options(method)))
    first, shown = made(task, engine)
    assert shown == 1
    copied = replace(task, regions=(RegionPixels(task.regions[0].style.copy()),))
    again, shown = made(copied, engine)
    assert shown == 0
    assert np.array_equal(again, first)


def test_another_photograph_in_a_known_style(task: StylizeTask, small) -> None:
    engine = fresh()
    made(task, engine)
    other = with_options(replace(task, content=small["rocket"]), style_weight=50.0)
    result, shown = made(other, engine)
    assert shown == 0
    assert np.array_equal(result, made(other, fresh())[0])


def test_whatever_the_network_would_see_otherwise_is_seen(task: StylizeTask) -> None:
    engine = fresh()
    made(task, engine)
    (region,) = task.regions
    mask = np.full(region.style.shape[:2], 255, np.uint8)
    mask[: len(mask) // 2] = 55
    brighter = region.style // 2 + 127
    others = [
        replace(task, regions=(replace(region, style=brighter),)),
        replace(task, regions=(replace(region, style_mask=mask),)),
        with_options(task, size=80),
        with_options(task, features="embedded", weights=""),
        with_options(task, features="embedded", weights="", layers="fine"),
    ]
    for other in others:
        result, shown = made(other, engine)
        assert shown == 1
        assert np.array_equal(result, made(other, fresh())[0])


def test_other_weights_in_the_same_file_are_another_network(task: StylizeTask, tmp_path, teacher_weights) -> None:
    engine, path = fresh(), tmp_path / "w.safetensors"
    at_path = with_options(task, weights=str(path))
    tensors = load_file(teacher_weights)
    for factor in (1.0, 1.01):
        save_file({name: tensor * factor for name, tensor in tensors.items()}, path)
        assert made(at_path, engine)[1] == 1
    assert made(at_path, engine)[1] == 0


def test_nothing_is_kept_of_an_engine_that_gives_its_memory_back(task: StylizeTask) -> None:
    engine = fresh()
    made(task, engine)
    engine.release()
    assert made(task, engine)[1] == 1


def test_a_job_that_was_cancelled_while_its_style_was_looked_at_leaves_nothing_wrong(task: StylizeTask) -> None:
    engine = fresh()

    def cancel(fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        if shown:
            raise JobCancelledError("cancelled")

    with styles_shown() as shown, pytest.raises(JobCancelledError):
        stylize(task, cancel, engine)
    result, shown_again = made(task, engine)
    assert shown_again == 1
    assert np.array_equal(result, made(task, fresh())[0])
