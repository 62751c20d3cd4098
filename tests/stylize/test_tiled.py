"""The raw output at full size, tile by tile: no seam, the statistics of the whole, bounded memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from photostyle.ops.gaussian import GaussianSum, fit_gaussian
from photostyle.stylize import pipeline
from photostyle.stylize.canvas import ArrayCanvas
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import draw
from photostyle.stylize.pixels import to_rgb
from photostyle.stylize.proxy import PROXY_PIXELS, reduce_picture
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.progress import Glimpse, unfollowed
from photostyle_protocol.request import Settings

SEAM = 1e-5
"""The most that a tile may make a difference, of 1."""
PROXY = 4000
KINDS = {
    "rest": ("rest", {}),
    "rest, the paper's": ("rest", {"form": "paper"}),
    "rest, wct": ("rest", {"transform": "wct"}),
    "monge-kantorovich": ("monge-kantorovich", {}),
    "reinhard": ("reinhard", {}),
}


@pytest.fixture
def in_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photostyle.stylize.tiles.SIDE", 32)
    monkeypatch.setattr("photostyle.stylize.strips.STRIP_PIXELS", 500)


def task_of(content: Pixels, small: Any, kind: str, **more: Any) -> StylizeTask:
    method, options = KINDS[kind]
    regions = more.pop("regions", (RegionPixels(small["chelsea"]),))
    settings = Settings(method, finish="none", options=options, regions=more.pop("found", "given"))
    return StylizeTask(content, regions, more.pop("mask", None), settings, **more)


def drawn(task: StylizeTask, engine: Engine, pixels: int = PROXY) -> Pixels:
    canvas = ArrayCanvas.like(task.content)
    draw(task, canvas, unfollowed, engine, pixels)
    return canvas.pixels


def variants(small: Any, shape: tuple[int, int]) -> dict[str, dict[str, Any]]:
    left = np.zeros(shape, np.uint8)
    left[:, : shape[1] // 2] = 255
    selection = np.zeros(shape, np.uint16)
    selection[20:50, 30:80] = 40000
    halves = (RegionPixels(small["chelsea"], left), RegionPixels(small["rocket"], 255 - left, strength=0.5))
    return {"plain": {}, "regions": {"regions": halves}, "selection": {"mask": selection}}


@pytest.mark.parametrize("variant", ["plain", "regions", "selection"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_seam(small, engine: Engine, monkeypatch: pytest.MonkeyPatch, kind: str, variant: str) -> None:
    """Floats with alpha, in tiles and as one tile."""
    rgb = small["coffee"].astype(np.float32) / 255
    alpha = np.linspace(0, 1, rgb.shape[1], dtype=np.float32)[None, :, None].repeat(len(rgb), 0)
    task = task_of(np.dstack([rgb, alpha]), small, kind, **variants(small, rgb.shape[:2])[variant])
    whole = drawn(task, engine)
    monkeypatch.setattr("photostyle.stylize.tiles.SIDE", 32)
    monkeypatch.setattr("photostyle.stylize.strips.STRIP_PIXELS", 500)
    tiled = drawn(task, engine)
    assert np.abs(tiled - whole).max() <= SEAM
    assert np.abs(whole[..., :3] - rgb).max() > 0.02
    assert np.array_equal(tiled[..., 3], task.content[..., 3])


@pytest.mark.usefixtures("in_tiles")
@pytest.mark.parametrize("kind", KINDS)
def test_as_if_seen_at_once(small, engine: Engine, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The tiles against the method itself on the whole picture."""
    task = task_of(small["coffee"].astype(np.float32) / 255, small, kind)
    tiled = drawn(task, engine)
    checked = pipeline._checked
    monkeypatch.setattr(pipeline, "_checked", lambda *asked: checked(*asked)._replace(is_tiled=False))
    assert np.abs(drawn(task, engine) - tiled).max() <= SEAM


@pytest.mark.usefixtures("in_tiles")
def test_found_regions_have_one_look(small, engine: Engine) -> None:
    content = small["coffee"].astype(np.float32) / 255
    tiled = drawn(task_of(content, small, "rest", found="auto"), engine)
    assert np.isfinite(tiled).all()
    assert np.abs(tiled - content).max() > 0.02


@pytest.mark.parametrize("kind", ["monge-kantorovich", "reinhard"])
def test_found_regions_have_a_map_each(small, engine: Engine, kind: str) -> None:
    """The areas are found on copies of the same size, one of which passes for small."""
    content = small["coffee"].astype(np.float32) / 255
    task, count = task_of(content, small, kind, found="auto"), content[..., 0].size
    assert np.abs(drawn(task, engine, count - 1) - drawn(task, engine, count)).max() <= SEAM


@pytest.mark.parametrize("kind", ["monge-kantorovich", "reinhard"])
def test_maps_of_colours_are_kept(small, kind: str) -> None:
    engine = Engine(torch.device("cpu"))
    stages: list[str] = []
    task = task_of(small["coffee"], small, kind)

    def follow(_fraction: float, stage: str, _glimpse: Glimpse | None = None) -> None:
        stages.append(stage)

    for strength in (1.0, 0.5):
        settings = replace(task.settings, strength=strength)
        canvas = ArrayCanvas.like(task.content)
        draw(
            replace(task, settings=settings), canvas, lambda _at, stage, _seen=None: stages.append(stage), engine, PROXY
        )
    assert stages.count("colour statistics") == 1
    assert np.array_equal(canvas.pixels, drawn(replace(task, settings=settings), Engine(torch.device("cpu"))))


@pytest.mark.usefixtures("in_tiles")
@pytest.mark.parametrize("form", ["paper", "skip"])
@pytest.mark.parametrize("pixels", [PROXY, 1 << 19])
def test_half_of_the_digits_do_for_eight_bits(small, engine: Engine, form: str, pixels: int) -> None:
    """In tiles and at once: no more than three levels from what sixteen bits are given, and half of one on average."""
    settings = Settings("rest", finish="none", options={"form": form})
    coarse = StylizeTask(small["coffee"], (RegionPixels(small["chelsea"]),), None, settings)
    fine = replace(coarse, content=coarse.content.astype(np.uint16) * 257)
    few, many = (drawn(task, engine, pixels).astype(float) for task in (coarse, fine))
    apart = np.abs(few - many / 257)
    assert apart.max() < 3.5
    assert apart.mean() < 0.6


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float16, np.float32])
def test_colours_lie_in_planes(small, engine: Engine, dtype: type) -> None:
    assert to_rgb(small["coffee"].astype(dtype), engine.device).is_contiguous()


@pytest.mark.usefixtures("in_tiles")
@pytest.mark.parametrize("kind", ["rest", "reinhard"])
def test_drawn_over_its_own_content(small, engine: Engine, kind: str) -> None:
    """A band needs rows above it that the result has taken the place of."""
    task = task_of(small["coffee"].copy(), small, kind)
    apart = drawn(task, engine)
    draw(task, ArrayCanvas.over(task.content), unfollowed, engine, PROXY)
    assert np.array_equal(task.content, apart)


@pytest.mark.usefixtures("in_tiles")
@pytest.mark.parametrize("shape", [(1, 5000), (5000, 1), (3, 1999)])
def test_a_line_of_pixels(small, engine: Engine, shape: tuple[int, int]) -> None:
    content = np.resize(small["coffee"], (*shape, 3))
    for kind in ("rest", "monge-kantorovich"):
        assert drawn(task_of(content, small, kind), engine).shape == content.shape


def test_parts_are_as_exact_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photostyle.ops.gaussian._MOST_PIECES", 2)
    generator = torch.Generator().manual_seed(0)
    x = torch.randn((1, 5, 60, 40), generator=generator) * 0.1 + 10
    weight = torch.rand((1, 1, 60, 40), generator=generator)
    weight[:, :, :20] = 0
    found = GaussianSum()
    for row in range(60):
        found.add(x[:, :, row : row + 1], weight[:, :, row : row + 1])
    exact, whole = fit_gaussian(x.double(), weight.double()), found.total()
    assert torch.allclose(whole.mean.double(), exact.mean, rtol=0, atol=1e-5)
    assert torch.allclose(whole.covariance.double(), exact.covariance, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 500_000), (500_000, 1)])
@pytest.mark.parametrize(("method", "finish"), [("rest", "grid"), ("rest", "guided"), ("monge-kantorovich", "none")])
def test_half_a_million_pixels_in_a_line(
    small, engine: Engine, shape: tuple[int, int], method: str, finish: str
) -> None:
    """A small copy of a line is a line, not as long as its pixels would allow; lying or standing is the same."""
    ramp = np.linspace(0, 255, 500_000 * 3).astype(np.uint8).reshape(*shape, 3)
    task = StylizeTask(ramp, (RegionPixels(small["chelsea"]),), None, Settings(method, finish=finish))
    result = drawn(task, engine, PROXY_PIXELS).reshape(-1, 3).astype(float)
    lying = task.content.reshape(1, -1, 3)
    expected = drawn(StylizeTask(lying, task.regions, None, task.settings), engine, PROXY_PIXELS).reshape(-1, 3)
    assert np.abs(result - expected).mean() < 2
    assert np.abs(np.diff(result[::5000], axis=0)).mean() > 0.5


def test_a_small_copy_of_a_column(engine: Engine) -> None:
    column = np.linspace(0, 1, 27_000, dtype=np.float32).reshape(-1, 1, 3)
    found, lying = (
        reduce_picture(picture, size, to_rgb, engine.device)
        for picture, size in ((column, (4000, 1)), (column.reshape(1, -1, 3), (1, 4000)))
    )
    assert torch.allclose(found.flatten(), lying.flatten(), atol=1e-5)
