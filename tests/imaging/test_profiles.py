"""Profiles: which count, and pictures in sRGB for showing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from photostyle.imaging.picture import Picture
from photostyle.imaging.profiles import described, into_srgb, usable_profile
from photostyle_protocol.errors import BadImageError
from support.icc import grey_profile, srgb_profile, swapped_profile, table_only_profile
from support.photographs import Photograph


def test_colours_are_shown_as_they_are_meant(photographs: Mapping[str, Photograph]) -> None:
    pixels = photographs["coffee"]
    shown = into_srgb(Picture(pixels, swapped_profile()))
    assert shown.icc_profile is None
    np.testing.assert_allclose(shown.pixels.astype(int), pixels[..., ::-1], atol=2)


def test_alpha_stays_to_the_bit(photographs: Mapping[str, Photograph]) -> None:
    alpha = np.arange(512 * 512, dtype=np.uint32).reshape(512, 512).astype(np.uint8)
    pixels = np.dstack([photographs["astronaut"], alpha])
    np.testing.assert_array_equal(into_srgb(Picture(pixels, swapped_profile())).pixels[..., 3], alpha)


def test_grey_with_a_profile_becomes_colour() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None]
    shown = into_srgb(Picture(ramp, grey_profile())).pixels.astype(int)
    # Gamma 2.2 is darker than sRGB's curve in the shadows.
    np.testing.assert_allclose(shown, np.repeat(ramp[..., None], 3, 2), atol=10)


def test_without_a_profile_or_in_floats_nothing_is_to_be_done(photographs: Mapping[str, Photograph]) -> None:
    for picture in (Picture(photographs["coffee"]), Picture(np.array([[-1.0, 5.0]], np.float32), grey_profile())):
        assert into_srgb(picture) is picture


def test_a_profile_that_leads_nowhere_is_told(photographs: Mapping[str, Photograph]) -> None:
    broken = srgb_profile().replace(b"rTRC", b"none")
    with pytest.raises(BadImageError, match="profile"):
        into_srgb(Picture(photographs["coffee"], broken))


def test_a_profile_counts_for_its_own_kind_of_pixels() -> None:
    assert usable_profile(grey_profile(), "L") == grey_profile()
    assert usable_profile(grey_profile(), "RGB") is None
    assert usable_profile(b"no profile", "RGB") is None


def test_tables_say_nothing_here() -> None:
    assert described(table_only_profile()) == (None, True)
    assert described(None) == described(srgb_profile()) == (None, False)
