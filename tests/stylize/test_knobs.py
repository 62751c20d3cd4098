"""The knobs a person turns: strength, keep luminance, detail and residual do what they say, evenly, everywhere."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from photostyle.ops.luma import LUMA_WEIGHTS
from photostyle.stylize.task import Pixels, RegionPixels
from support.tensors import psnr

FINISHES = ("grid", "guided", "none")
STRENGTHS = (0.2, 0.4, 0.6, 0.8, 1.0)

finishes = pytest.mark.parametrize("finish", FINISHES)


def floats(pixels: Pixels) -> NDArray[np.float32]:
    return pixels.astype(np.float32) / 255


def luma(pixels: Pixels) -> Pixels:
    return pixels.astype(np.float64) @ np.array(LUMA_WEIGHTS)


def squares(difference: Pixels, side: int = 8) -> Pixels:
    """Mean absolute difference of each square of the picture."""
    rows, columns = (length // side * side for length in difference.shape[:2])
    blocks = np.abs(difference[:rows, :columns]).reshape(rows // side, side, columns // side, side, -1)
    return blocks.mean((1, 3, 4))


def halves(content: Pixels, styles: tuple[Pixels, Pixels], strengths: tuple[float, float]) -> tuple[RegionPixels, ...]:
    left = np.zeros(content.shape[:2], np.uint8)
    left[:, : content.shape[1] // 2] = 255
    masks = (left, 255 - left)
    return tuple(RegionPixels(s, m, None, k) for s, m, k in zip(styles, masks, strengths, strict=True))


@finishes
@pytest.mark.parametrize("keep_luminance", [False, True])
def test_every_part_moves_evenly_from_the_content_to_the_look(run, small, finish: str, keep_luminance: bool) -> None:
    """In every square, under a soft mask: away from the content and towards the look, step by step."""
    content = floats(small["coffee"])
    mask = np.linspace(0.2, 1, content.shape[1], dtype=np.float32) * np.ones(content.shape[:2], np.float32)
    looks = [
        run(content, small["astronaut"], mask=mask, finish=finish, strength=s, keep_luminance=keep_luminance)
        for s in STRENGTHS
    ]
    away = [squares(look - content) for look in looks]
    left = [squares(looks[-1] - look) for look in looks]
    assert away[-1].mean() > 0.02
    assert all((more >= less).all() for less, more in pairwise(away))
    assert all((more <= less).all() for less, more in pairwise(left))
    np.testing.assert_allclose(looks[1], content + 0.4 * (looks[-1] - content), atol=1e-5)


@finishes
def test_a_region_s_strength_is_its_own(run, photographs, small, finish: str) -> None:
    """One half's strength moves that half evenly and leaves the other, away from the border."""
    content, styles = floats(photographs["coffee"]), (small["astronaut"], small["rocket"])

    def look(strength: float) -> Pixels:
        return run(content, regions=halves(content, styles, (strength, 1.0)), finish=finish)

    untouched, whole = look(0.0), look(1.0)
    left, right = np.s_[:, :200], np.s_[:, 400:]
    assert np.abs(whole - untouched)[left].mean() > 0.02
    for strength in (0.3, 0.7):
        result = look(strength)
        np.testing.assert_allclose(result, untouched + strength * (whole - untouched), atol=1e-5)
        assert np.abs(result[right] - whole[right]).max() < 0.5 / 255


@finishes
@pytest.mark.parametrize("strength", STRENGTHS)
def test_luminance_is_kept_at_every_strength(run, small, finish: str, strength: float) -> None:
    """With regions too; within one step of 8 bits, and in floats exactly."""
    content, styles = small["coffee"], (small["astronaut"], small["rocket"])
    kept = {"method": "rest", "finish": finish, "strength": strength, "keep_luminance": True}
    result = run(content, regions=halves(content, styles, (1.0, 0.5)), **kept)
    assert np.abs(luma(result) - luma(content)).max() <= 1.0
    assert np.abs(result.astype(int) - content).mean() > 3 * strength
    exact = run(floats(content), regions=halves(content, styles, (1.0, 0.5)), **kept)
    np.testing.assert_allclose(luma(exact), luma(floats(content)), atol=1e-5)


@finishes
def test_without_residual_the_colour_map_remains(run, photographs, finish: str) -> None:
    content, style = photographs["coffee"][::3, ::3], photographs["astronaut"][::3, ::3]
    result = run(content, style, method="rest", finish=finish, options={"residual": 0.0})
    assert psnr(result, run(content, style, method="monge-kantorovich", finish=finish)) > 50


@finishes
def test_the_residual_adds_more_and_more(run, photographs, finish: str) -> None:
    content, style = photographs["chelsea"][::2, ::2], photographs["rocket"][::2, ::2]
    content = floats(content)
    plain, *looks = (
        run(content, style, method="rest", finish=finish, options={"residual": r}) for r in (0.0, 0.5, 1.0, 1.5, 2.0)
    )
    added = [np.abs(look - plain).mean() for look in looks]
    assert added[0] > 1e-3
    assert all(more > 1.1 * less for less, more in pairwise(added))


def test_detail_goes_from_the_photograph_s_own_to_the_method_s(run, photographs) -> None:
    """The grid is the furthest from what the method painted, the guided filter closer, its own output equal."""
    content, style = photographs["astronaut"][::2, ::2], photographs["coffee"][::2, ::2]
    painted, grid, guided = (run(content, style, method="rest", finish=f) for f in ("none", "grid", "guided"))
    assert 25 < psnr(grid, painted) < psnr(guided, painted) < 60


@finishes
def test_a_photograph_in_its_own_style_comes_back(run, photographs, finish: str) -> None:
    """Nothing is asked of the networks, and the colour map alone comes back to the bit."""
    for name in ("astronaut", "chelsea"):
        picture = photographs[name]
        assert psnr(run(picture, picture, method="rest", finish=finish), picture) > 42
        np.testing.assert_array_equal(
            run(picture, picture, method="rest", finish=finish, options={"residual": 0.0}), picture
        )
