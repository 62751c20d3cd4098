"""A style photograph is reduced for the first job that needs it, and never taken for another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings

CPU = torch.device("cpu")


def made(content: Pixels, style: RegionPixels, engine: Engine) -> Pixels:
    return stylize(StylizeTask(content, (style,), None, Settings("rest")), unfollowed, engine)


def test_a_name_stands_for_the_pixels(small) -> None:
    """Those of the second job are not looked at: who gives a name has compared them."""
    engine = Engine(CPU)
    style = RegionPixels(small["chelsea"].copy(), known_as="cat")
    wanted = made(small["coffee"], replace(style), Engine(CPU))
    made(small["rocket"], style, engine)
    style.style[:] = 0
    assert np.array_equal(made(small["coffee"], style, engine), wanted)


def test_other_pixels_are_another_style(small) -> None:
    """Without a name, and where the numbers mean other colours or belong to another shape."""
    engine, style = Engine(CPU), small["chelsea"].copy()
    first = made(small["coffee"], RegionPixels(style), engine)
    style[: len(style) // 2] //= 2
    changed = made(small["coffee"], RegionPixels(style), engine)
    assert np.array_equal(changed, made(small["coffee"], RegionPixels(style), Engine(CPU)))
    assert not np.array_equal(changed, first)
    turned = RegionPixels(style.reshape(style.shape[1], style.shape[0], 3))
    assert np.array_equal(made(small["coffee"], turned, engine), made(small["coffee"], turned, Engine(CPU)))
