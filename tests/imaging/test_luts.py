"""Tables of colours in the form that other programs read."""

from __future__ import annotations

import numpy as np
import pytest

from photostyle.imaging.luts import HALD_SIZE, cube_text, hald_pixels


def identity(size: int) -> np.ndarray:
    steps = np.linspace(0, 1, size, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return np.stack([red, green, blue], axis=-1).reshape(-1, 3)


def test_a_cube_file() -> None:
    lines = cube_text(identity(2) * 1.5 - 0.25, 'A "look"\nof mine', ["sRGB", "two\nlines"]).splitlines()
    assert lines[:2] == ["# sRGB", "# twolines"]
    assert lines[2:6] == ["TITLE \"A 'look'of mine\"", "LUT_3D_SIZE 2", "DOMAIN_MIN 0 0 0", "DOMAIN_MAX 1 1 1"]
    assert lines[6:8] == ["-0.250000 -0.250000 -0.250000", "1.250000 -0.250000 -0.250000"]
    assert len(lines) == 6 + 8


@pytest.mark.parametrize(("bits", "full"), [(8, 255), (16, 65535)])
def test_a_hald_picture(bits: int, full: int) -> None:
    pixels = hald_pixels(identity(HALD_SIZE) * 1.2, bits)
    assert pixels.shape == (512, 512, 3)
    assert pixels.dtype == f"uint{bits}"
    assert pixels[0, 63].tolist() == [full, 0, 0]
    assert pixels[0, 64].tolist() == [0, round(full * 1.2 / 63), 0]
    assert pixels[8, 0].tolist() == [0, 0, round(full * 1.2 / 63)]
    assert pixels[-1, -1].tolist() == [full] * 3
