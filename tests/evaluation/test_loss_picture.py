"""Losses as lines."""

from __future__ import annotations

import numpy as np
import pytest

from photostyle.evaluation.loss_picture import loss_picture
from photostyle_protocol.outcome import LossCurve

FALLING = LossCurve("total", (0.0, 1.0, 2.0), (9.0, 3.0, 1.0))


@pytest.mark.parametrize(
    "curves",
    [
        [FALLING],
        [FALLING, LossCurve("style", (0.5, 2.0), (-1.0, 0.0))],
        [LossCurve("total", (1.0,), (2.0,))],
        [LossCurve("total", (0.0, 1.0), (1e6, 1e-3))],
    ],
)
def test_it_is_a_picture_of_lines(curves: list[LossCurve]) -> None:
    pixels = loss_picture(curves, "gatys: a.jpg")
    assert pixels.shape == (975, 1350, 3)
    assert pixels.dtype == np.uint8
    colours = np.abs(pixels.astype(int) - pixels.mean(2, keepdims=True)).max(2) > 40
    assert colours.sum() > 20, "the lines are coloured, all else is grey"
