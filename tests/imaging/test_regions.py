"""Colour-coded maps, as people paint and export them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from photostyle.imaging.reading import read_picture
from photostyle.imaging.regions import Mask, read_painted, read_regions, split_regions
from photostyle_protocol.errors import BadMaskError

SIZE = (240, 160)
BLACK, WHITE, GREY, RED, BLUE = (0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 0, 255)


def painted(*bands: tuple[int, int, int], blur: float = 0.0, size: tuple[int, int] = SIZE) -> Image.Image:
    """Slanted bands of flat colour, side by side; `blur` gives the borders of a scaled-down painting."""
    image = Image.new("RGB", size, bands[0])
    pen = ImageDraw.Draw(image)
    width, height = size
    for i, colour in enumerate(bands):
        left = i * width // len(bands)
        pen.polygon([(left, 0), (width * 2, 0), (width * 2, height), (left + 20 * (i > 0), height)], colour)
    return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image


def arrays(*images: Image.Image) -> list[NDArray[np.uint8]]:
    return [np.asarray(image) for image in images]


def mask_at(pairs: list[tuple[Mask, Mask]], x: int, y: int = 80) -> tuple[Mask, Mask]:
    """The pair whose content mask covers a place."""
    return next(pair for pair in pairs if pair[0][y, x] == 255)


@pytest.mark.parametrize("blur", [0.0, 0.7, 1.5])
def test_the_same_colour_is_the_same_region(blur: float) -> None:
    content, style = arrays(painted(RED, BLUE, WHITE, blur=blur), painted(WHITE, RED, BLUE, blur=blur))
    pairs = split_regions(content, style)
    assert len(pairs) == 3
    for side in (0, 1):
        assert (sum(pair[side].astype(int) for pair in pairs) == 255).all()
    for content_x, style_x in ((20, 110), (110, 210), (210, 20)):
        assert mask_at(pairs, content_x)[1][80, style_x] == 255


def test_a_smooth_border_is_no_region_of_its_own() -> None:
    """Between black and white lies grey, which is a region elsewhere in the same map."""
    pairs = split_regions(*arrays(painted(BLACK, WHITE, GREY, blur=0.8), painted(GREY, BLACK, WHITE)))
    grey = mask_at(pairs, 220)[0]
    assert not grey[:, :140].any()
    sharp = np.asarray(painted(BLACK, WHITE, GREY))[..., 0] == 128
    assert ((grey == 255) != sharp).mean() < 0.01


def test_jpeg_noise_does_not_matter(tmp_path: Path) -> None:
    for name, image in (("c", painted(RED, BLUE)), ("s", painted(BLUE, RED))):
        image.save(tmp_path / f"{name}.jpg", quality=70)
    pairs = split_regions(*(read_picture(tmp_path / f"{name}.jpg").pixels for name in "cs"))
    assert len(pairs) == 2
    sharp = np.asarray(painted(RED, BLUE))[..., 0] == 255
    assert ((mask_at(pairs, 20)[0] == 255) != sharp).mean() < 0.01


def test_slightly_different_colours_are_still_the_same() -> None:
    content, style = arrays(painted((250, 6, 0), BLUE), painted(RED, (9, 0, 246)))
    assert len(split_regions(content, style)) == 2


def test_a_colour_on_one_side_is_left_out() -> None:
    pairs = split_regions(*arrays(painted(RED, BLUE, WHITE), painted(RED, BLUE)))
    assert len(pairs) == 2
    assert not any(pair[0][80, 220] for pair in pairs)


def test_no_common_colour_names_them() -> None:
    with pytest.raises(BadMaskError, match=r"#ff0000 in the content's, #0000ff in the style's"):
        split_regions(*arrays(painted(RED), painted(BLUE)))


def test_two_grey_levels_are_two_regions() -> None:
    content, style = arrays(painted(BLACK, WHITE).convert("L"), painted(WHITE, BLACK).convert("L"))
    pairs = split_regions(content, style)
    assert len(pairs) == 2
    assert mask_at(pairs, 220)[1][80, 20] == 255


def test_soft_grey_is_a_soft_region_and_its_opposite() -> None:
    ramp = np.tile(np.linspace(0, 255, 200).astype(np.uint8), (50, 1))
    pairs = split_regions(ramp, np.asarray(painted(BLACK, WHITE).convert("L")))
    assert len(pairs) == 2
    assert any(np.array_equal(pair[0], ramp) for pair in pairs)
    assert (pairs[0][0].astype(int) + pairs[1][0] == 255).all()


def test_a_photograph_is_no_map(photographs: dict[str, NDArray[np.uint8]]) -> None:
    with pytest.raises(BadMaskError, match="too many colours"):
        split_regions(photographs["coffee"], photographs["rocket"])


def test_depth_and_alpha() -> None:
    deep = np.asarray(painted(BLACK, WHITE).convert("L")).astype(np.uint16) * 257
    layer = np.dstack([np.full((160, 240, 3), 255, np.uint8), np.asarray(painted(WHITE, BLACK).convert("L"))])
    pairs = split_regions(deep, layer)
    assert mask_at(pairs, 220)[1][80, 20] == 255


def test_one_pixel_maps() -> None:
    one = np.array([[[255, 0, 0]]], np.uint8)
    (pair,) = split_regions(one, one)
    assert pair[0].tolist() == pair[1].tolist() == [[255]]


@pytest.mark.parametrize("word", ["red", "#ff0000", "f00", "fe0302", "rgb(250, 10, 0)"])
def test_a_colour_of_one_map(tmp_path: Path, word: str) -> None:
    painted(BLACK, RED, WHITE, blur=0.7).save(tmp_path / "map.png")
    photograph = np.zeros((160, 240, 3), np.uint8)
    white, red = read_painted(tmp_path / "map.png", photograph, ["white", word])
    sharp = np.asarray(painted(BLACK, RED, WHITE))
    assert ((red == 255) != (sharp == RED).all(axis=2)).mean() < 0.01
    assert ((white == 255) != (sharp == WHITE).all(axis=2)).mean() < 0.01


def test_white_and_black_of_a_soft_grey_map(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 255, 200).astype(np.uint8), (50, 1))
    Image.fromarray(ramp).save(tmp_path / "map.png")
    black, white = read_painted(tmp_path / "map.png", np.zeros((50, 200, 3), np.uint8), ["black", "white"])
    np.testing.assert_array_equal(white, ramp)
    np.testing.assert_array_equal(black, 255 - ramp)


def test_a_photograph_is_no_single_map_either(tmp_path: Path, photographs: dict[str, NDArray[np.uint8]]) -> None:
    Image.fromarray(photographs["coffee"]).save(tmp_path / "map.png")
    with pytest.raises(BadMaskError, match="too many colours"):
        read_painted(tmp_path / "map.png", photographs["coffee"], ["red"])


@pytest.mark.parametrize("size", [(239, 161), (242, 160)])
def test_two_pixels_of_difference_are_forgiven(tmp_path: Path, size: tuple[int, int]) -> None:
    painted(RED, BLUE, size=size).save(tmp_path / "c.png")
    painted(RED, BLUE).save(tmp_path / "s.png")
    photograph = np.zeros((160, 240, 3), np.uint8)
    pairs = read_regions(tmp_path / "c.png", tmp_path / "s.png", photograph, photograph)
    assert pairs[0][0].shape == (160, 240)
    sharp = np.asarray(painted(RED, BLUE))[..., 0] == 255
    assert ((mask_at(pairs, 20)[0] == 255) != sharp).mean() < 0.02


def test_another_size_names_both(tmp_path: Path) -> None:
    painted(RED, BLUE, size=(120, 80)).save(tmp_path / "c.png")
    photograph = np.zeros((160, 240, 3), np.uint8)
    with pytest.raises(BadMaskError, match=r"c\.png is 120 × 80 pixels, its picture is 240 × 160"):
        read_regions(tmp_path / "c.png", tmp_path / "c.png", photograph, photograph)
