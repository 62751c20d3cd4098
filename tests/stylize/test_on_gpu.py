"""Every way through the pipeline on a pretended GPU: nothing lies on the wrong side, and the result is the CPU's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from photostyle.methods import registry
from photostyle.stylize.collecting import collect
from photostyle.stylize.composition import Composition
from photostyle.stylize.engine import Engine
from photostyle.stylize.global_map import global_map
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.pixels import Restored
from photostyle.stylize.save_look import make_look
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.look_file import parse_look
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings
from support.networks import QuickOptions
from support.pretended_gpu import GPU, pretended_gpu

Pictures = Mapping[str, NDArray[np.uint8]]

NEAR = 2
"""Steps of 8 bits: half precision is another there."""
WAYS: Mapping[str, dict[str, Any]] = {
    "default": {},
    "paper's form": {"options": {"form": "paper"}},
    "wct": {"options": {"transform": "wct"}},
    "guided": {"finish": "guided"},
    "raw": {"finish": "none"},
    "luminance kept, half": {"keep_luminance": True, "strength": 0.5},
    "colour map": {"method": "monge-kantorovich"},
    "restyle, paper's form": {"method": "restyle", "options": {"form": "paper"}},
}


@pytest.fixture(scope="module")
def on_gpu() -> Engine:
    return Engine(GPU)


@pytest.fixture(scope="module")
def pictures(small: Pictures) -> tuple[Pixels, Pixels]:
    """Content and style, tiny: each operation takes a while to pretend."""
    return small["rocket"][::2, ::2].copy(), small["coffee"][::2, ::2].copy()


def stripes(picture: Pixels, count: int) -> list[Pixels]:
    """Masks of as many upright stripes."""
    columns = np.arange(picture.shape[1]) * count // picture.shape[1]
    return [np.broadcast_to(columns == k, picture.shape[:2]).astype(np.uint8) * 255 for k in range(count)]


def in_stripes(content: Pixels, style: Pixels, count: int = 3) -> tuple[RegionPixels, ...]:
    pairs = zip(stripes(content, count), stripes(style, count), strict=True)
    return tuple(RegionPixels(style, mine, theirs) for mine, theirs in pairs)


def check(
    task: StylizeTask,
    engine: Engine,
    on_gpu: Engine,
    pixels: int = 1 << 19,
    there: Callable[[], AbstractContextManager[object]] = pretended_gpu,
) -> None:
    expected = stylize(task, unfollowed, engine, pixels)
    with there():
        found = stylize(task, unfollowed, on_gpu, pixels)
    step = 1 / 255 if task.content.dtype.kind == "f" else np.iinfo(task.content.dtype).max / 255
    assert np.abs(found.astype(float) - expected.astype(float)).max() <= NEAR * step


@pytest.mark.parametrize("name", registry.names())
def test_every_method(
    pictures: tuple[Pixels, Pixels], quick_options: QuickOptions, engine: Engine, on_gpu: Engine, name: str
) -> None:
    settings = Settings(name, options=quick_options(name))
    check(StylizeTask(pictures[0], (RegionPixels(pictures[1]),), None, settings), engine, on_gpu)


@pytest.mark.parametrize("way", ["default", "paper's form", "guided"])
def test_three_regions(pictures: tuple[Pixels, Pixels], engine: Engine, on_gpu: Engine, way: str) -> None:
    check(StylizeTask(pictures[0], in_stripes(*pictures), None, Settings(**WAYS[way])), engine, on_gpu)


@pytest.mark.parametrize("way", WAYS)
def test_one_region(pictures: tuple[Pixels, Pixels], engine: Engine, on_gpu: Engine, way: str) -> None:
    check(StylizeTask(pictures[0], (RegionPixels(pictures[1]),), None, Settings(**WAYS[way])), engine, on_gpu)


def test_regions_that_are_found(pictures: tuple[Pixels, Pixels], engine: Engine, on_gpu: Engine) -> None:
    settings = Settings(regions="auto")
    check(StylizeTask(pictures[0], (RegionPixels(pictures[1]),), None, settings), engine, on_gpu)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float16, np.float32])
def test_every_precision_with_alpha_a_selection_and_a_space(
    pictures: tuple[Pixels, Pixels], engine: Engine, on_gpu: Engine, dtype: type
) -> None:
    full = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    content = (np.dstack([pictures[0], pictures[0][..., 1]]) / 255 * full).astype(dtype)
    mask = np.linspace(0, 255, content.shape[1]).astype(np.uint8) * np.ones((len(content), 1), np.uint8)
    mask[:, :9] = 0
    space = LINEAR_LIGHT if np.dtype(dtype).kind == "f" else None
    task = StylizeTask(content, (RegionPixels(pictures[1]),), mask, Settings(), space=space)
    check(task, engine, on_gpu)
    with pretended_gpu():
        found = stylize(task, unfollowed, on_gpu)
    assert np.array_equal(found[..., 3], content[..., 3])
    assert np.array_equal(found[:, :9], content[:, :9])


@pytest.mark.parametrize("regions", [1, 3])
def test_tiles(
    pictures: tuple[Pixels, Pixels],
    engine: Engine,
    on_gpu: Engine,
    regions: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("photostyle.stylize.tiles.SIDE", 32)
    monkeypatch.setattr("photostyle.stylize.strips.STRIP_PIXELS", 1000)
    asked = in_stripes(*pictures, regions)
    check(StylizeTask(pictures[0], asked, None, Settings(finish="none")), engine, on_gpu, pixels=1000)


def test_a_series(pictures: tuple[Pixels, Pixels], engine: Engine, on_gpu: Engine) -> None:
    content, style = pictures
    tasks = [StylizeTask(c, (RegionPixels(style),), None, Settings()) for c in (content, content[:, ::-1])]
    with pretended_gpu():
        series = collect(lambda: tasks, on_gpu)
    check(replace(tasks[0], series=series), engine, on_gpu)


def test_a_map_of_all_colours(pictures: tuple[Pixels, Pixels], engine: Engine, on_gpu: Engine) -> None:
    task = StylizeTask(pictures[0], (RegionPixels(pictures[1]),), None, Settings())
    expected = global_map(task, 9, engine, unfollowed)
    with pretended_gpu():
        found = global_map(task, 9, on_gpu, unfollowed)
    assert np.abs(found.table() - expected.table()).max() < NEAR / 255


def test_a_look(pictures: tuple[Pixels, Pixels], engine: Engine, on_gpu: Engine) -> None:
    content, style = pictures
    with pretended_gpu():
        made = make_look(style, stripes(style, 2)[0], "half", GPU)
    assert made == make_look(style, stripes(style, 2)[0], "half", engine.device)
    check(StylizeTask(content, (RegionPixels(parse_look(made)),), None, Settings()), engine, on_gpu)


@pytest.mark.parametrize("regions", [1, 3])
def test_what_rest_waits_for(photographs: Pictures, on_gpu: Engine, regions: int) -> None:
    """A network that is loaded, a new photograph, in which the style's scene is found again."""
    content = photographs["coffee"][::3, ::3].copy()
    style = 255 - (255 - content[8:, 8:]) // 2
    asked = in_stripes(content, style, regions) if regions > 1 else (RegionPixels(style),)
    task = StylizeTask(content, asked, None, Settings())
    other = content.copy()
    other[0, 0] = 0
    with pretended_gpu() as waits:
        stylize(task, unfollowed, on_gpu)
        waits.clear()
        stylize(replace(task, content=other), unfollowed, on_gpu)
    assert dict(waits) == {
        "download regions._shares": 1,
        "event shared_scene.SharedScenes.__init__": 1,
        "event shared_scene.SharedScenes.read": regions,
        "event rest_statistics.StatisticsOnTheWay.arrived": 1,
        "event affine_fit.fit_affine": regions,
        "download gain.limit_gain": regions,
        "event pixels.Restored.pixels": 1 if regions == 1 else 2,
    }


def test_a_strip_is_fetched_while_the_next_one_is_computed(
    pictures: tuple[Pixels, Pixels], on_gpu: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photostyle.stylize.strips.STRIP_PIXELS", 10 * pictures[0].shape[1])
    order: list[str] = []
    begin, pixels = Composition.begin, Restored.pixels

    def begun(composition: Composition, rows: slice) -> Any:
        order.append(f"begin {rows.start}")
        return begin(composition, rows)

    def fetched(restored: Restored) -> Pixels:
        order.append("fetch")
        return pixels(restored)

    monkeypatch.setattr(Composition, "begin", begun)
    monkeypatch.setattr(Restored, "pixels", fetched)
    with pretended_gpu():
        stylize(StylizeTask(pictures[0], (RegionPixels(pictures[1]),), None, Settings()), unfollowed, on_gpu)
    assert order[:5] == ["begin 0", "begin 10", "fetch", "begin 20", "fetch"]
    assert order[-2:] == ["fetch", "fetch"]


def test_float32_has_all_its_digits_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    with pretended_gpu():
        Engine.load("cuda")
    assert not torch.backends.cudnn.allow_tf32


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
@pytest.mark.parametrize("regions", [1, 3])
def test_a_real_one(pictures: tuple[Pixels, Pixels], engine: Engine, regions: int) -> None:
    """All that is above, where there is one."""
    real = Engine.load("cuda")
    asked = in_stripes(*pictures, regions)
    for way in WAYS.values():
        check(StylizeTask(pictures[0], asked, None, Settings(**way)), engine, real, there=nullcontext)
