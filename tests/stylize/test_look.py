"""What the look does: luminance, a style of its own, strips, sizes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from photostyle.evaluation.measures.region_color import region_color_distance
from photostyle.methods import registry
from photostyle.ops.luma import LUMA_WEIGHTS
from photostyle.stylize import strips
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.pixels import to_rgb
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings
from support.tensors import psnr

LOOKING = [m for m in registry.names() if m != "johnson"]
"""Methods that look at the style photograph; a trained style plays no part here."""
COMPUTING = [m for m in LOOKING if m not in ("gatys", "multistage")]
"""Those that compute a look. What optimises paints the style's texture on flat pictures too, and of two sizes of one
picture it makes two paintings; `tests/methods/optimisation` has their own versions of these tests."""
CPU = torch.device("cpu")


def luma(pixels: Pixels) -> Pixels:
    return pixels.astype(np.float64) @ np.array(LUMA_WEIGHTS)


def distance(result: Pixels, style: Pixels) -> float:
    whole = [torch.ones(1, 1, *p.shape[:2]) for p in (result, style)]
    return region_color_distance(to_rgb(result, CPU), to_rgb(style, CPU), [(whole[0], whole[1])])


@pytest.mark.parametrize("method", LOOKING)
def test_luminance_is_kept(run, small, method: str) -> None:
    content, style = small["astronaut"], small["coffee"]
    result = run(content, style, method=method, keep_luminance=True)
    assert np.abs(luma(result) - luma(content)).max() <= 1.0
    assert np.abs(result.astype(int) - content).mean() > 3
    floats = content.astype(np.float32) / 255
    kept = run(floats, style, method=method, keep_luminance=True)
    np.testing.assert_allclose(luma(kept), luma(floats), atol=1e-5)


def test_luminance_is_kept_at_half_strength(run, small) -> None:
    result = run(small["astronaut"], small["coffee"], keep_luminance=True, strength=0.5)
    assert np.abs(luma(result) - luma(small["astronaut"])).max() <= 1.0


@pytest.mark.parametrize("method", LOOKING)
@pytest.mark.parametrize("finish", ["grid", "guided", "none"])
def test_the_style_s_colours_arrive(run, photographs, method: str, finish: str) -> None:
    content, style = photographs["coffee"][::3, ::3], photographs["astronaut"][::3, ::3]
    result = run(content, style, method=method, finish=finish)
    # REST follows a style's colours as far as the photograph bears it, and random weights ask for more than colours.
    most = 0.4 if method in ("rest", "multistage") else 0.25
    assert distance(result, style) < most * distance(content, style)


@pytest.mark.parametrize("method", ["monge-kantorovich", "reinhard", "pitie"])
@pytest.mark.parametrize("finish", ["grid", "guided", "none"])
def test_a_picture_in_its_own_style_comes_back(run, photographs, method: str, finish: str) -> None:
    """The closed forms come back to the bit; the histograms of Pitié's within a third of a step."""
    for name in ("coffee", "chelsea"):
        picture = photographs[name][::2, ::2]
        assert psnr(run(picture, picture, method=method, finish=finish), picture) > 55


def test_the_proxy_hardly_shows(engine, photographs) -> None:
    """A look made on a quarter of the pixels is the look made on all of them."""
    content, style = photographs["coffee"], photographs["chelsea"]
    task = StylizeTask(content, (RegionPixels(style),), None, Settings("pitie"))
    quarter = content.shape[0] * content.shape[1] // 4
    assert psnr(stylize(task, unfollowed, engine, quarter), stylize(task, unfollowed, engine)) > 38


@pytest.mark.parametrize("method", LOOKING)
def test_the_size_of_strips_does_not_show(run, photographs, monkeypatch, method: str) -> None:
    content, style = photographs["rocket"][::2, ::2], photographs["coffee"][::2, ::2]
    wanted = run(content, style, method=method)
    for pixels in (1, 5000, 33_333):
        monkeypatch.setattr(strips, "STRIP_PIXELS", pixels)
        result = run(content, style, method=method)
        assert np.abs(result.astype(int) - wanted).max() <= 1
        assert (result != wanted).mean() < 1e-3


@pytest.mark.parametrize("method", COMPUTING)
def test_degenerate_pictures_stay_calm(run, small, method: str) -> None:
    """Flat or black pictures on either side: finite, and as flat as they were."""
    flat, black = np.full((40, 50, 3), 120, np.uint8), np.zeros((40, 50, 3), np.uint8)
    for content in (flat, black):
        for style in (flat, black, small["coffee"]):
            result = run(content, style, method=method).astype(float)
            assert result.std(axis=(0, 1)).max() < 2
    onto_flat = run(small["coffee"], flat, method=method)
    # How far a network follows a style is what it has learned; the others are told.
    mean, deviation = (20, 40) if method == "restyle" else (6, 12)
    assert abs(onto_flat.astype(float).mean() - 120) < mean
    assert onto_flat.astype(float).std() < deviation


def test_grey_content_stays_grey_and_takes_the_tones(run, small) -> None:
    grey = small["coffee"][..., 1]
    result = run(grey, small["chelsea"])
    assert result.shape == grey.shape
    assert abs(result.mean() - luma(small["chelsea"]).mean()) < 3


@pytest.mark.parametrize("method", COMPUTING)
def test_transparency_does_not_count(run, small, method: str) -> None:
    """Colours under transparent pixels have no say in the statistics, of the content and of the style."""
    content, style = small["coffee"], small["chelsea"]

    def with_garbage(picture: Pixels, columns: int, color: tuple[int, int, int] = (255, 0, 255)) -> Pixels:
        layer = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
        layer[:, columns:] = (*color, 0)
        return layer

    result = run(with_garbage(content, 60), with_garbage(style, 40), method=method, finish="none")
    # A network that is trained for the job becomes another one on a crop, and a deep one sees where a picture ends.
    plain = (
        run(with_garbage(content, 60, (0, 99, 0)), with_garbage(style, 40, (9, 9, 9)), method=method, finish="none")
        if method in ("hires", "restyle")
        else run(content[:, :60], style[:, :40], method=method, finish="none")
    )
    assert np.abs(result[:, :50, :3].astype(int) - plain[:, :50, :3]).mean() < 2


def test_fully_transparent_pictures_still_have_colours(run, small) -> None:
    def clear(picture: Pixels) -> Pixels:
        return np.dstack([picture, np.zeros(picture.shape[:2], np.uint8)])

    wanted = run(small["coffee"], small["chelsea"])
    np.testing.assert_array_equal(run(clear(small["coffee"]), small["chelsea"])[..., :3], wanted)
    np.testing.assert_array_equal(run(small["coffee"], clear(small["chelsea"])), wanted)


def test_the_selection_decides_the_statistics(run, small) -> None:
    """A selection of a part gets the style's colours in that part, whatever lies around."""
    content, style = small["coffee"], small["chelsea"]
    mask = np.zeros(content.shape[:2], np.uint8)
    mask[20:50, 20:70] = 255
    result = run(content, style, mask=mask)
    assert distance(result[20:50, 20:70], style) < 0.02
