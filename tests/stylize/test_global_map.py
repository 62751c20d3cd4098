"""A look as one map of all colours, exactly or as near as can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from photostyle.ops.lattice import look_up
from photostyle.stylize.engine import Engine
from photostyle.stylize.global_map import GlobalMap, global_map
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.pixels import to_rgb
from photostyle.stylize.task import RegionPixels, StylizeTask
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings

Small = Mapping[str, NDArray[np.uint8]]
CPU = torch.device("cpu")


def task_of(small: Small, mask: NDArray[Any] | None = None, **settings: Any) -> StylizeTask:
    return StylizeTask(small["coffee"], (RegionPixels(small["rocket"]),), mask, Settings(**settings))


def applied(found: GlobalMap, content: NDArray[np.uint8]) -> NDArray[np.float32]:
    pixels: NDArray[np.float32] = look_up(found.lattice, to_rgb(content, CPU))[0].permute(1, 2, 0).numpy()
    return pixels.clip(0, 1) * 255


@pytest.mark.parametrize(
    ("settings", "levels"),
    [
        ({"method": "monge-kantorovich"}, 0.6),
        ({"method": "monge-kantorovich", "strength": 0.4}, 0.6),
        ({"method": "reinhard"}, 8),
        ({"method": "reinhard", "keep_luminance": True}, 8),
    ],
    ids=str,
)
def test_a_map_that_is_one_is_sampled(engine: Engine, small: Small, settings: dict[str, Any], levels: float) -> None:
    task = task_of(small, **settings)
    found = global_map(task, 33, engine, unfollowed)
    assert found.is_exact
    assert np.abs(applied(found, task.content) - stylize(task, unfollowed, engine)).max() <= levels
    assert found.mean <= found.most < 0.5


def test_only_what_counts_decides(engine: Engine, small: Small) -> None:
    mask = np.zeros(small["coffee"].shape[:2], np.uint8)
    mask[:, :50] = 255
    task = task_of(small, mask, method="monge-kantorovich")
    found = global_map(task, 9, engine, unfollowed)
    result = stylize(task, unfollowed, engine)
    assert np.abs(applied(found, task.content) - result)[:, :50].max() <= 0.6
    transparent = StylizeTask(np.dstack([task.content, mask]), task.regions, None, task.settings)
    same = global_map(transparent, 9, engine, unfollowed)
    torch.testing.assert_close(same.lattice, found.lattice, atol=1e-4, rtol=0)


def test_a_picture_that_is_transparent_everywhere_still_has_colours(engine: Engine, small: Small) -> None:
    task = task_of(small, method="monge-kantorovich")
    clear = StylizeTask(
        np.dstack([task.content, np.zeros_like(task.content[..., 0])]), task.regions, None, task.settings
    )
    found, wanted = (global_map(each, 9, engine, unfollowed) for each in (clear, task))
    torch.testing.assert_close(found.lattice, wanted.lattice, atol=1e-4, rtol=0)


def test_what_differs_from_place_to_place_is_fitted_and_measured(engine: Engine, small: Small) -> None:
    task = task_of(small, method="rest")
    found = global_map(task, 33, engine, unfollowed)
    assert not found.is_exact
    assert np.abs(applied(found, task.content) - stylize(task, unfollowed, engine)).mean() < 5
    assert 0 < found.mean < found.most < 10


def test_regions_are_more_than_a_map_can_hold(engine: Engine, small: Small) -> None:
    left = np.zeros(small["coffee"].shape[:2], np.uint8)
    left[:, :50] = 255
    regions = (RegionPixels(small["rocket"], left), RegionPixels(small["chelsea"], 255 - left))
    settings = Settings("monge-kantorovich")
    both = global_map(StylizeTask(small["coffee"], regions, None, settings), 17, engine, unfollowed)
    one = global_map(task_of(small, method="monge-kantorovich"), 17, engine, unfollowed)
    assert not both.is_exact
    assert both.mean > 20 * one.mean
