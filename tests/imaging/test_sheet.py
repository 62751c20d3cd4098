"""Contact sheets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from photostyle.imaging.picture import Picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from support.icc import swapped_profile
from support.photographs import Photograph

RED = np.full((30, 40, 3), (255, 0, 0), np.uint8)


def test_rows_and_columns_in_order(photographs: Mapping[str, Photograph]) -> None:
    rows = [SheetRow([Picture(photographs[name])] * 3, "caption") for name in ("coffee", "rocket")]
    sheet = contact_sheet(rows, cell=120).pixels
    one = contact_sheet(rows[:1], cell=120).pixels
    assert sheet.dtype == np.uint8
    assert sheet.shape[1] == one.shape[1] > 3 * 120
    np.testing.assert_array_equal(sheet[: one.shape[0] - 20], one[:-20])


def test_pictures_are_not_enlarged_and_keep_their_colours() -> None:
    sheet = contact_sheet([SheetRow([Picture(RED)])], headings=["One"], cell=400).pixels
    assert (sheet == RED[0, 0]).all(axis=2).sum() == 30 * 40


def test_profiles_are_honoured() -> None:
    sheet = contact_sheet([SheetRow([Picture(RED, swapped_profile())])], headings=["One"]).pixels
    assert (np.abs(sheet.astype(int) - (0, 0, 255)) <= 2).all(axis=2).sum() == 30 * 40


def test_every_kind_of_pixels_can_be_shown() -> None:
    grey = np.linspace(0, 1, 1200).reshape(30, 40)
    kinds = [
        grey.astype(np.float32) * 3 - 1,
        grey.astype(np.float16)[..., None].repeat(3, 2),
        (grey * 65535).astype(np.uint16),
        (grey * 255).astype(np.uint8)[..., None],
        np.dstack([RED, np.zeros((30, 40), np.uint8)]),
        (grey * 255).astype(np.uint8)[..., None].repeat(2, 2),
    ]
    row = SheetRow([Picture(pixels) for pixels in kinds])
    sheet = contact_sheet([row], headings=[str(i) for i in range(6)]).pixels
    assert not (sheet == RED[0, 0]).all(axis=2).any(), "transparent pixels do not show"


def test_a_single_pixel_and_a_long_strip() -> None:
    row = SheetRow([Picture(RED[:1, :1]), Picture(np.zeros((1, 5000, 3), np.uint8))])
    assert contact_sheet([row], headings=["a", "b"]).pixels.shape[1] < 600
