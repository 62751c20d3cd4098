"""Regions: each its style, borders, overlaps, the empty and the tiny."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from photostyle.evaluation.measures.region_color import region_color_distance
from photostyle.methods import registry
from photostyle.stylize.pixels import to_rgb, to_weight
from photostyle.stylize.task import Pixels, RegionPixels

CPU = torch.device("cpu")
METHODS = [m for m in registry.names() if m != "johnson"]
"""Methods that look at the style photograph; a trained style plays no part here."""


def left_half(pixels: Pixels, value: int = 255) -> Pixels:
    mask = np.zeros(pixels.shape[:2], np.uint8)
    mask[:, : pixels.shape[1] // 2] = value
    return mask


def distance(result: Pixels, mask: Pixels, style: Pixels, style_mask: Pixels | None = None) -> float:
    on_style = np.full(style.shape[:2], 255, np.uint8) if style_mask is None else style_mask
    return region_color_distance(
        to_rgb(result, CPU), to_rgb(style, CPU), [(to_weight(mask, CPU), to_weight(on_style, CPU))]
    )


def changed(result: Pixels, content: Pixels) -> Pixels:
    return np.abs(result.astype(int) - content).max(axis=-1)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("finish", ["grid", "guided", "none"])
def test_each_half_gets_its_style(run, photographs, method: str, finish: str) -> None:
    content = photographs["coffee"][::2, ::2]
    one, two = photographs["astronaut"][::3, ::3], photographs["chelsea"][::2, ::2]
    left = left_half(content)
    right = 255 - left
    regions = (RegionPixels(one, left), RegionPixels(two, right))
    result = run(content, regions=regions, method=method, finish=finish)
    # How far a network follows a style is what it has learned; the others are told.
    share = 0.6 if method == "restyle" else 0.4
    assert distance(result, left, one) < share * distance(content, left, one)
    assert distance(result, right, two) < share * distance(content, right, two)
    assert distance(result, left, one) < distance(result, left, two)


@pytest.mark.parametrize("method", METHODS)
def test_a_style_mask_chooses_the_colours(run, photographs, method: str) -> None:
    content, style = photographs["coffee"][::2, ::2], photographs["rocket"][::2, ::2]
    sky, ground = np.zeros((2, *style.shape[:2]), np.uint8)
    sky[:100], ground[150:] = 255, 255
    results = [run(content, regions=(RegionPixels(style, style_mask=m),), method=method) for m in (sky, ground)]
    everywhere = np.full(content.shape[:2], 255, np.uint8)
    for result, mask in zip(results, (sky, ground), strict=True):
        assert distance(result, everywhere, style, mask) < 0.3 * distance(content, everywhere, style, mask)


def test_equal_regions_are_one(run, small) -> None:
    """Two halves whose styles are cut alike differ from the whole only by their own statistics' borders."""
    content, style = small["coffee"], small["chelsea"]
    left = left_half(content)
    whole = run(content, style)
    same = np.full(content.shape[:2], 255, np.uint8)
    one = run(content, regions=(RegionPixels(style, same),))
    np.testing.assert_array_equal(one, whole)
    overlapping = run(content, regions=(RegionPixels(style, same), RegionPixels(style, same)))
    assert np.abs(overlapping.astype(int) - whole).max() <= 1
    assert np.abs(run(content, regions=(RegionPixels(style, left),)).astype(int) - whole).mean() > 0.5


def test_what_no_mask_covers_has_the_global_look(run, photographs) -> None:
    content, style = photographs["coffee"][::2, ::2], photographs["chelsea"][::2, ::2]
    whole = run(content, style)
    result = run(content, regions=(RegionPixels(style, left_half(content)),))
    far = np.s_[:, -60:]
    assert np.abs(result[far].astype(int) - whole[far]).max() <= 1


def test_a_tiny_region_has_the_global_look(run, photographs) -> None:
    content, style, other = (photographs[name][::2, ::2] for name in ("coffee", "chelsea", "astronaut"))
    speck = np.zeros(content.shape[:2], np.uint8)
    speck[50:55, 60:65] = 255
    assert (speck > 0).mean() < 0.004
    rest = 255 - speck
    result = run(content, regions=(RegionPixels(style, rest), RegionPixels(style, speck)))
    assert np.abs(result.astype(int) - run(content, style)).max() <= 2
    assert run(content, regions=(RegionPixels(style, rest), RegionPixels(other, speck))).shape == content.shape


def with_white_spot(photograph: Pixels) -> tuple[Pixels, Pixels]:
    """A photograph with a small spot unlike what is around it, such as an eye, and the spot's mask."""
    content, spot = photograph.copy(), np.zeros(photograph.shape[:2], np.uint8)
    content[50:60, 60:70], spot[50:60, 60:70] = 250, 255
    assert 0 < (spot > 0).mean() < 0.004
    return content, spot


def test_a_tiny_region_keeps_its_strength(run, photographs) -> None:
    """Somebody who spares an eye means it."""
    content, spot = with_white_spot(photographs["coffee"][::2, ::2])
    style = photographs["rocket"][::2, ::2]
    spared = (RegionPixels(style, 255 - spot), RegionPixels(style, spot, strength=0.0))
    everywhere = changed(run(content, style), content)[50:60, 60:70].mean()
    assert changed(run(content, regions=spared), content)[50:60, 60:70].mean() < 0.35 * everywhere


def test_a_tiny_region_has_its_own_style(run, photographs) -> None:
    content, spot = with_white_spot(photographs["coffee"][::2, ::2])
    blue = np.zeros((20, 20, 3), np.uint8)
    blue[..., 2] = 250
    regions = (RegionPixels(photographs["chelsea"][::2, ::2], 255 - spot), RegionPixels(blue, spot))
    result = run(content, regions=regions)[50:60, 60:70]
    assert result[..., 2].mean() > 1.5 * result[..., :2].mean()


@pytest.mark.parametrize("empty", ["content", "style", "both"])
def test_an_empty_mask_falls_back(run, small, empty: str) -> None:
    content, style = small["coffee"], small["chelsea"]
    none, nothing = np.zeros(content.shape[:2], np.uint8), np.zeros(style.shape[:2], np.uint8)
    region = RegionPixels(
        style, none if empty in ("content", "both") else None, nothing if empty in ("style", "both") else None
    )
    wanted = run(content, style)
    np.testing.assert_array_equal(run(content, regions=(region,)), wanted)
    result = run(content, regions=(RegionPixels(style, left_half(content)), region))
    assert np.isfinite(result).all()


@pytest.mark.parametrize("method", METHODS)
def test_region_strength_is_obeyed(run, photographs, method: str) -> None:
    content = photographs["coffee"][::2, ::2]
    one, two = photographs["astronaut"][::3, ::3], photographs["chelsea"][::2, ::2]
    left = left_half(content)
    regions = (RegionPixels(one, left, strength=0.0), RegionPixels(two, 255 - left, strength=1.0))
    result = run(content, regions=regions, method=method)
    assert changed(result, content)[:, :60].max() <= 1
    assert changed(result, content)[:, -60:].mean() > 5


def test_a_region_of_no_strength_gives_nothing_at_its_border(run) -> None:
    """The border of a spared region fades into the content, not into the style that it spares it from."""
    content = np.full((64, 128, 3), 100, np.uint8)
    content[::2] = 120
    red, same = np.zeros((30, 30, 3), np.uint8), content[:30, :30]
    red[..., 0] = 255
    left = left_half(content)
    for mask in (left, (np.linspace(1, 0, 128) * np.ones((64, 1)) * 255).astype(np.uint8)):
        regions = (RegionPixels(red, mask, strength=0.0), RegionPixels(same, 255 - mask))
        assert changed(run(content, regions=regions), content).max() <= 2


def test_half_strength_everywhere_is_half_of_the_look(run, small) -> None:
    content, style = small["coffee"].astype(np.float32) / 255, small["chelsea"]
    look = run(content, style)
    half = run(content, regions=(RegionPixels(style, strength=0.5),))
    np.testing.assert_allclose(half, (content + look) / 2, atol=1e-5)
    both = run(content, regions=(RegionPixels(style, strength=0.5),), strength=0.5)
    np.testing.assert_allclose(both, 0.75 * content + 0.25 * look, atol=1e-5)


def test_regions_obey_the_selection(run, small) -> None:
    content = small["coffee"]
    left = left_half(content)
    mask = np.zeros_like(left)
    mask[:30] = 255
    regions = (RegionPixels(small["chelsea"], left), RegionPixels(small["rocket"], 255 - left))
    result = run(content, mask=mask, regions=regions, method="rest")
    np.testing.assert_array_equal(result[30:], content[30:])
    assert changed(result, content)[:30].mean() > 3


def test_many_regions(run, small) -> None:
    content = small["coffee"]
    stripes = [np.zeros(content.shape[:2], np.uint8) for _ in range(12)]
    for index, stripe in enumerate(stripes):
        stripe[:, index * 9 : (index + 1) * 9] = 255
    styles = list(small.values())
    regions = tuple(RegionPixels(styles[k % 4], stripe) for k, stripe in enumerate(stripes))
    assert run(content, regions=regions, method="rest").shape == content.shape
