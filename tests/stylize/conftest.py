"""One engine for the room, and small photographs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.color_space import ColorSpace
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings
from support.networks import QuickOptions

Run = Callable[..., Pixels]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.load("cpu")


@pytest.fixture(scope="session")
def run(engine: Engine, quick_options: QuickOptions) -> Run:
    """``run(content, style, mask=…, regions=…, method=…)`` through the pipeline, quick unless options are given."""

    def run(
        content: Pixels,
        style: Pixels | None = None,
        *,
        mask: Pixels | None = None,
        regions: tuple[RegionPixels, ...] = (),
        limit_to_mask: bool = True,
        space: ColorSpace | None = None,
        style_space: ColorSpace | None = None,
        regions_setting: str = "given",
        **settings: Any,
    ) -> Pixels:
        asked = regions if style is None else (RegionPixels(style, space=style_space),)
        settings = {"method": "monge-kantorovich", "regions": regions_setting} | settings
        settings["options"] = settings.get("options") or quick_options(settings["method"])
        task = StylizeTask(content, asked, mask, Settings(**settings), limit_to_mask, space)
        return stylize(task, unfollowed, engine)

    return run


@pytest.fixture(scope="session")
def small(photographs: Mapping[str, NDArray[np.uint8]]) -> Mapping[str, NDArray[np.uint8]]:
    """(about 70, about 100, 3) uint8 by name, each a copy of its own."""
    return {name: picture[::6, ::6].copy() for name, picture in photographs.items()}
