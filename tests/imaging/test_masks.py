"""Selections from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.imaging.masks import read_mask, what_is_left
from photostyle.imaging.picture import Picture
from photostyle.imaging.writing import write_picture
from photostyle_protocol.errors import BadMaskError

SOFT = np.linspace(0, 255, 12).astype(np.uint8).reshape(3, 4)
LIKE = np.zeros((3, 4, 3), np.uint8)


def mask_from(tmp_path: Path, pixels: np.ndarray, suffix: str = "png") -> np.ndarray:
    Image.fromarray(np.ascontiguousarray(pixels)).save(tmp_path / f"m.{suffix}")
    return read_mask(tmp_path / f"m.{suffix}", LIKE)


def layers(*channels: np.ndarray | int) -> np.ndarray:
    return np.stack([np.broadcast_to(np.asarray(c, np.uint8), SOFT.shape) for c in channels], axis=2)


@pytest.mark.parametrize(
    "pixels",
    [
        SOFT,
        layers(SOFT, SOFT, SOFT),
        layers(SOFT, SOFT, SOFT, 255),
        layers(SOFT, 255),
        layers(255, SOFT),
        layers(0, 0, 0, SOFT),
        layers(255, 255, 255, SOFT),
    ],
)
def test_grey_colour_without_colour_and_alpha_all_work(tmp_path: Path, pixels: np.ndarray) -> None:
    np.testing.assert_array_equal(mask_from(tmp_path, pixels), SOFT)


def test_depth_is_kept(tmp_path: Path) -> None:
    deep = SOFT.astype(np.uint16) * 257 + 1 - (SOFT == 255)
    np.testing.assert_array_equal(mask_from(tmp_path, deep), deep)
    floats = (SOFT / 255).astype(np.float32)
    np.testing.assert_array_equal(mask_from(tmp_path, floats, "tiff"), floats)


def test_grey_and_alpha_that_both_vary_multiply(tmp_path: Path) -> None:
    wanted = np.round(SOFT / 255 * SOFT[::-1] / 255 * 255)
    np.testing.assert_array_equal(mask_from(tmp_path, layers(SOFT, SOFT[::-1])), wanted)


def test_grey_and_alpha_of_16_bits_and_floats_multiply_too(tmp_path: Path) -> None:
    both = layers(SOFT, SOFT[::-1]).astype(np.uint16) * 257
    wanted = SOFT / 255 * SOFT[::-1] / 255
    write_picture(tmp_path / "m.png", Picture(both))
    deep = read_mask(tmp_path / "m.png", LIKE)
    assert deep.dtype == np.uint16
    np.testing.assert_array_equal(deep, np.round(wanted * 65535))
    write_picture(tmp_path / "m.tiff", Picture((both / 65535).astype(np.float32)))
    np.testing.assert_allclose(read_mask(tmp_path / "m.tiff", LIKE), wanted, rtol=1e-6)


def test_another_size_names_both(tmp_path: Path) -> None:
    Image.new("L", (5, 3), 255).save(tmp_path / "m.png")
    with pytest.raises(BadMaskError, match=r"5 × 3.*4 × 3"):
        read_mask(tmp_path / "m.png", LIKE)


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (layers(255, 0, 0), "colours"),
        (SOFT * 0, "selects nothing"),
        (layers(255, 255, 255, 0), "selects nothing"),
        ((SOFT / 100).astype(np.float32), "outside 0–1"),
    ],
)
def test_what_is_no_selection_is_refused(tmp_path: Path, pixels: np.ndarray, words: str) -> None:
    with pytest.raises(BadMaskError, match=words):
        mask_from(tmp_path, pixels, "tiff")


def test_what_is_left_of_masks_of_all_depths() -> None:
    eight = np.array([[255, 0, 0, 0, 51]], np.uint8)
    deep = np.array([[0, 65535, 0, 0, 13107]], np.uint16)
    real = np.array([[0.5, 0.5, 0.25, 0, 0.2]], np.float32)
    left = what_is_left([eight, deep, real])
    assert left is not None
    np.testing.assert_array_equal(left, np.rint(np.array([[0, 0, 0.75, 1, 0.4]]) * 65535))
    assert what_is_left([eight, 255 - eight]) is None
