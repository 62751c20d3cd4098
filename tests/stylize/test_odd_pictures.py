"""Pictures that say little, for every method: one colour, a few pixels, a thin line, nothing that counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from photostyle.methods import registry
from photostyle.stylize.task import Pixels, RegionPixels

METHODS = registry.names()
Run = Callable[..., Pixels]
Small = Mapping[str, NDArray[np.uint8]]
HEIGHT, WIDTH = 30, 100
BLUE = np.full((HEIGHT, WIDTH, 3), (30, 90, 160), np.uint8)
LEFT = np.repeat(np.arange(WIDTH)[None] < 20, HEIGHT, axis=0) * np.uint8(255)
FAR_RIGHT = np.repeat(np.arange(WIDTH)[None] >= 80, HEIGHT, axis=0) * np.uint8(255)


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_a_photograph_of_one_colour_stays_even(run: Run, small: Small, method: str) -> None:
    result = run(BLUE, small["chelsea"], method=method).astype(int)
    assert np.ptp(result.reshape(-1, 3), axis=0).max() <= 2


def test_a_style_of_one_colour(run: Run, small: Small, method: str) -> None:
    """Its colour is what there is to take."""
    content = small["coffee"][:HEIGHT, :WIDTH]
    result = run(content, BLUE, method=method)
    assert result.shape == content.shape
    if method != "johnson":  # whose style is in its file

        def apart(picture: Pixels) -> float:
            return float(np.abs(picture.mean((0, 1)) - BLUE[0, 0]).mean())

        assert apart(result) < 0.5 * apart(content)


def test_two_single_colours(run: Run, method: str) -> None:
    other = np.full((8, 8, 3), (200, 120, 40), np.uint8)
    result = run(BLUE, other, method=method).astype(float)
    if method != "johnson":
        assert np.abs(result - other[0, 0]).mean() < 0.5 * np.abs(BLUE.astype(float) - other[0, 0]).mean()


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (1, 300)], ids=str)
def test_a_few_pixels_and_thin_lines(run: Run, small: Small, method: str, size: tuple[int, int]) -> None:
    content, style = np.resize(small["coffee"], (*size, 3)), np.resize(small["rocket"], (*size, 3))
    assert run(content, style, method=method).shape == content.shape


def test_regions_that_meet_nowhere(run: Run, small: Small, method: str) -> None:
    """A region far from the selection: nothing is asked for, and nothing changes."""
    content = small["coffee"][:HEIGHT, :WIDTH]
    regions = (RegionPixels(small["chelsea"], LEFT), RegionPixels(small["rocket"], 255 - LEFT, strength=0.0))
    assert np.array_equal(run(content, regions=regions, mask=FAR_RIGHT, method=method), content)


def test_a_style_that_counts_nowhere(run: Run, small: Small, method: str) -> None:
    """A transparent style, or one whose mask is black, says nothing of colours: there still is a picture."""
    content = small["coffee"][:HEIGHT, :WIDTH]
    clear = np.dstack([small["rocket"], np.zeros(small["rocket"].shape[:2], np.uint8)])
    assert run(content, clear, method=method).shape == content.shape
