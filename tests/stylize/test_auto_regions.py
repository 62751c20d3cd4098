"""Regions that nobody drew: sky goes to sky and ground to ground, whatever their colours."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from photostyle.evaluation.measures.region_color import region_color_distance
from photostyle.stylize.auto_regions import auto_regions
from photostyle.stylize.pixels import to_rgb, to_weight
from photostyle.stylize.task import Pixels, RegionPixels
from photostyle_protocol.errors import BadOptionError

CPU = torch.device("cpu")


def scene(sky: tuple[int, int, int], ground: tuple[int, int, int], horizon: int, seed: int) -> tuple[Pixels, Pixels]:
    """A landscape (120, 160, 3) with a tower, and the mask of its sky."""
    is_sky = np.zeros((120, 160), np.bool_)
    is_sky[:horizon] = True
    is_sky[20:horizon, 90:110] = False
    grain = np.random.default_rng(seed).integers(-30, 31, (120, 160, 1))
    fade = np.linspace(-12, 12, 120)[:, None, None]
    picture = np.where(is_sky[..., None], np.array(sky) + fade, np.array(ground) + grain)
    return np.clip(picture, 0, 255).astype(np.uint8), is_sky.astype(np.uint8) * 255


DAY, DAY_SKY = scene((150, 190, 240), (90, 110, 60), 80, 1)
DUSK, DUSK_SKY = scene((60, 20, 30), (160, 110, 70), 40, 2)
"""In the style the sky is smaller, and darker than the ground."""


def masks_of(content: Pixels, style: Pixels) -> list[tuple[torch.Tensor, torch.Tensor]]:
    pictures = [to_rgb(p, CPU) for p in (content, style)]
    weights = [torch.ones_like(p[:, :1]) for p in pictures]
    return auto_regions(pictures[0], weights[0], pictures[1], weights[1])


def test_sky_takes_from_sky_and_ground_from_ground() -> None:
    on_day, on_dusk = to_weight(DAY_SKY, CPU), to_weight(DUSK_SKY, CPU)
    right = wrong = 0.0
    for on_content, on_style in masks_of(DAY, DUSK):
        sky_of_style = float((on_style * on_dusk).sum() / on_style.sum())
        sky, ground = float((on_content * on_day).sum()), float((on_content * (1 - on_day)).sum())
        right += sky * sky_of_style + ground * (1 - sky_of_style)
        wrong += sky * (1 - sky_of_style) + ground * sky_of_style
    assert right > 9 * wrong


@pytest.mark.parametrize("method", ["monge-kantorovich", "rest"])
def test_it_comes_near_to_what_masks_bring(run, method: str) -> None:
    drawn = (RegionPixels(DUSK, DAY_SKY, DUSK_SKY), RegionPixels(DUSK, 255 - DAY_SKY, 255 - DUSK_SKY))
    truth = [(to_weight(r.content_mask, CPU), to_weight(r.style_mask, CPU)) for r in drawn]

    def distance(result: Pixels) -> float:
        return region_color_distance(to_rgb(result, CPU), to_rgb(DUSK, CPU), truth)

    without, masked = distance(run(DAY, DUSK, method=method)), distance(run(DAY, regions=drawn, method=method))
    found = distance(run(DAY, DUSK, method=method, regions_setting="auto"))
    assert without - found > 0.6 * (without - masked)


def test_the_masks_fit_the_pictures(photographs) -> None:
    pairs = masks_of(photographs["coffee"], photographs["rocket"])
    assert all(
        on_content.shape[-2:] == (400, 600) and on_style.shape[-2:] == (427, 640) for on_content, on_style in pairs
    )
    torch.testing.assert_close(sum(on_content for on_content, _ in pairs), torch.ones((1, 1, 400, 600)))
    assert all(0.9 < float(on_style.max()) <= 1.001 and float(on_style.min()) >= 0 for _, on_style in pairs)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 40, 3), (40, 1, 3), (3, 2, 3), (50, 60, 3)])
@pytest.mark.parametrize("value", [0, 128])
def test_flat_and_tiny_pictures(run, shape: tuple[int, int, int], value: int) -> None:
    flat = np.full(shape, value, np.uint8)
    for content, style in ((flat, DUSK), (DAY, flat), (flat, flat)):
        assert run(content, style, regions_setting="auto").shape == content.shape


def test_the_same_picture_comes_back(run) -> None:
    result = run(DAY, DAY, regions_setting="auto")
    assert np.abs(result.astype(int) - DAY).mean() < 2


def test_it_obeys_the_selections(run) -> None:
    selection = np.zeros((120, 160), np.uint8)
    selection[:, 40:] = 255
    result = run(DAY, mask=selection, regions=(RegionPixels(DUSK, style_mask=DUSK_SKY),), regions_setting="auto")
    np.testing.assert_array_equal(result[:, :40], DAY[:, :40])
    dark = DUSK[DUSK_SKY > 0].mean(0)
    assert np.abs(result[:, 40:].mean((0, 1)) - dark).max() < 12


def test_a_selection_of_nothing_in_the_style_is_all_of_it(run) -> None:
    nothing = (RegionPixels(DUSK, style_mask=np.zeros_like(DUSK_SKY)),)
    np.testing.assert_array_equal(
        run(DAY, regions=nothing, regions_setting="auto"), run(DAY, DUSK, regions_setting="auto")
    )


@pytest.mark.parametrize(
    "regions", [(RegionPixels(DUSK, DAY_SKY),), (RegionPixels(DUSK), RegionPixels(DAY))], ids=["mask", "two"]
)
def test_given_and_found_regions_contradict_each_other(run, regions: tuple[RegionPixels, ...]) -> None:
    with pytest.raises(BadOptionError, match="automatic regions are wanted as well"):
        run(DAY, regions=regions, regions_setting="auto")


def test_half_strength_is_half_of_the_look(run) -> None:
    content = DAY.astype(np.float32) / 255
    look = run(content, DUSK, regions_setting="auto")
    half = run(content, regions=(RegionPixels(DUSK, strength=0.5),), regions_setting="auto")
    np.testing.assert_allclose(half, (content + look) / 2, atol=1e-5)
