"""Colours mean the same in content and style."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from photostyle.imaging.picture import Picture
from photostyle.imaging.profiles import into_space_of, into_srgb
from photostyle_protocol.errors import BadImageError
from support.icc import grey_profile, srgb_profile, swapped_profile
from support.photographs import Photograph


def test_a_style_is_brought_into_the_contents_space(photographs: Mapping[str, Photograph]) -> None:
    pixels = photographs["coffee"]
    content = Picture(photographs["rocket"], swapped_profile())
    style = into_space_of(Picture(pixels), content)
    assert style.icc_profile == content.icc_profile
    np.testing.assert_allclose(style.pixels.astype(int), pixels[..., ::-1], atol=2)


def test_there_and_back(photographs: Mapping[str, Photograph]) -> None:
    there = into_space_of(Picture(photographs["coffee"]), Picture(photographs["rocket"], swapped_profile()))
    back = into_srgb(there)
    assert back.icc_profile is None
    np.testing.assert_allclose(back.pixels.astype(int), photographs["coffee"], atol=2)


def test_alpha_stays_to_the_bit(photographs: Mapping[str, Photograph]) -> None:
    alpha = np.arange(512 * 512, dtype=np.uint32).reshape(512, 512).astype(np.uint8)
    pixels = np.dstack([photographs["astronaut"], alpha])
    np.testing.assert_array_equal(into_srgb(Picture(pixels, swapped_profile())).pixels[..., 3], alpha)


def test_the_same_space_costs_nothing(photographs: Mapping[str, Photograph]) -> None:
    for profile in (None, swapped_profile()):
        style = Picture(photographs["coffee"], profile)
        assert into_space_of(style, Picture(photographs["rocket"], profile)) is style


def test_grey_styles_become_colour_in_the_contents_space() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None]
    content = Picture(np.zeros((1, 1, 3), np.uint8), srgb_profile())
    for style in (Picture(ramp), Picture(ramp.astype(np.uint16) * 257), Picture(ramp, grey_profile())):
        converted = into_space_of(style, content).pixels.astype(int)
        assert converted.shape == (1, 256, 3)
        np.testing.assert_allclose(
            converted, np.repeat(ramp[..., None], 3, 2), atol=10
        )  # gamma 2.2 is darker than sRGB's curve in the shadows


def test_a_grey_content_wants_srgb() -> None:
    style = Picture(np.full((1, 1, 3), (200, 100, 10), np.uint8), swapped_profile())
    converted = into_space_of(style, Picture(np.zeros((1, 1), np.uint8), grey_profile()))
    assert converted.icc_profile is None
    np.testing.assert_allclose(converted.pixels[0, 0].astype(int), (10, 100, 200), atol=2)


def test_float_pixels_stay_as_they_are() -> None:
    style = Picture(np.array([[-1.0, 5.0]], np.float32), grey_profile())
    assert into_srgb(style) is style


def test_a_profile_that_leads_nowhere_is_told(photographs: Mapping[str, Photograph]) -> None:
    broken = srgb_profile().replace(b"rTRC", b"none")
    with pytest.raises(BadImageError, match="profiles"):
        into_space_of(Picture(photographs["coffee"]), Picture(photographs["rocket"], broken))
