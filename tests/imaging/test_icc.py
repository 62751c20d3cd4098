"""Profiles of curves and a matrix: read as they are meant, and as LittleCMS reads them."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from photostyle.imaging.icc import space_of
from photostyle.imaging.icc_making import profile_of
from photostyle.imaging.picture import Picture
from photostyle.imaging.primaries import colorants, to_srgb
from photostyle.imaging.reading import read_picture
from photostyle.imaging.writing import write_picture
from photostyle.ops.working_space import into_working_space
from photostyle.stylize.pixels import Restored, rgb_reader
from photostyle_protocol.color_space import LINEAR_LIGHT, ColorSpace, Curve
from support.icc import srgb_profile, table_only_profile

D65 = (0.3127, 0.3290)
ADOBE = to_srgb(colorants((0.64, 0.33, 0.21, 0.71, 0.15, 0.06, *D65)))
P3 = to_srgb(colorants((0.68, 0.32, 0.265, 0.69, 0.15, 0.06, *D65)))
PROPHOTO = to_srgb(colorants((0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001, 0.3457, 0.3585)))
REC2020 = to_srgb(colorants((0.708, 0.292, 0.17, 0.797, 0.131, 0.046, *D65)))
SPACES = {
    "Adobe RGB": ColorSpace((Curve(2.19921875, 1.0, 0.0, 0.0, 0.0),), ADOBE),
    "ProPhoto": ColorSpace((Curve(1.8, 1.0, 0.0, 1 / 16, 1 / 32),), PROPHOTO),
    "Display P3": ColorSpace((Curve(),), P3),
    "linear Rec. 2020": ColorSpace(LINEAR_LIGHT.curves, REC2020),
}
CPU = torch.device("cpu")


def with_tables(profile: bytes, heights: np.ndarray) -> bytes:
    """The profile with a table for each curve."""
    tag = b"curv" + bytes(4) + struct.pack(">I", len(heights)) + np.rint(heights * 65535).astype(">u2").tobytes()
    data = bytearray(profile + tag)
    struct.pack_into(">I", data, 0, len(data))
    for i in range(struct.unpack_from(">I", data, 128)[0]):
        if data[132 + 12 * i : 136 + 12 * i] in (b"rTRC", b"gTRC", b"bTRC"):
            struct.pack_into(">II", data, 136 + 12 * i, len(profile), len(tag))
    return bytes(data)


def srgb_light(x: np.ndarray) -> np.ndarray:
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("name", SPACES)
def test_a_profile_says_what_was_put_in(name: str) -> None:
    found, wanted = space_of(profile_of(SPACES[name], name)), SPACES[name]
    np.testing.assert_allclose(found.matrix, wanted.matrix, atol=2e-4)
    assert found.curves[0].gamma == pytest.approx(wanted.curves[0].gamma, abs=1e-5)
    assert found.curves[0].toe == pytest.approx(wanted.curves[0].toe, abs=2e-5)


def test_srgb_is_recognised_as_formula_and_as_table() -> None:
    assert space_of(srgb_profile()) is None
    for count in (256, 1024, 4096):
        assert space_of(with_tables(srgb_profile(), srgb_light(np.linspace(0, 1, count)))) is None


def test_a_power_is_recognised_in_a_table() -> None:
    space = space_of(with_tables(srgb_profile(), np.linspace(0, 1, 1024) ** 1.8))
    assert space.curves == (Curve(1.8, 1.0, 0.0, 0.0, 0.0),)


def test_any_other_rising_table_stays_one() -> None:
    x = np.linspace(0, 1, 1024)
    (curve,) = space_of(with_tables(srgb_profile(), x**2 * (1.5 - 0.5 * x))).curves
    np.testing.assert_allclose(curve.table, (x**2 * (1.5 - 0.5 * x))[np.linspace(0, 1023, 256).astype(int)], atol=4e-3)


@pytest.mark.parametrize(
    "profile", [b"", bytes(200), table_only_profile(), with_tables(srgb_profile(), np.linspace(1, 0, 9))]
)
def test_what_is_no_curve_and_matrix_is_told(profile: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        space_of(profile)


@given(st.lists(st.tuples(st.integers(0, 587), st.integers(0, 255)), max_size=8), st.integers(0, 600))
def test_damage_is_no_crash(changes: list[tuple[int, int]], length: int) -> None:
    damaged = bytearray(srgb_profile())
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        space = space_of(bytes(damaged[: max(200, length)]))
    except ValueError:
        return
    assert space is None or isinstance(space, ColorSpace)


@pytest.mark.parametrize("name", SPACES)
def test_colours_are_those_of_littlecms(name: str) -> None:
    """Within a level and a half of 255."""
    levels = np.random.default_rng(4).integers(60, 200, (50, 50, 3), np.uint8)
    grey = levels.mean(2, keepdims=True)
    levels = (grey + (levels - grey) * 0.4).astype(np.uint8)
    profile = profile_of(SPACES[name], name)
    source = ImageCms.getOpenProfile(io.BytesIO(profile))
    seen = ImageCms.profileToProfile(Image.fromarray(levels), source, ImageCms.createProfile("sRGB"))
    ours = into_working_space(torch.from_numpy(levels / np.float32(255)).permute(2, 0, 1)[None], space_of(profile))
    ours = ours[0].permute(1, 2, 0).clamp(0, 1).numpy() * 255
    np.testing.assert_allclose(ours, np.asarray(seen, np.float32), atol=1.5)


@pytest.mark.parametrize("name", [*SPACES, "sRGB in a table"])
def test_all_levels_of_a_file_come_back_to_the_bit(tmp_path: Path, name: str) -> None:
    tables = with_tables(srgb_profile(), srgb_light(np.linspace(0, 1, 1024)))
    profile = profile_of(SPACES[name], name) if name in SPACES else tables
    levels = np.repeat(np.arange(65536, dtype=np.uint16).reshape(256, 256, 1), 3, axis=2)
    write_picture(tmp_path / "a.tiff", Picture(levels, profile))
    picture = read_picture(tmp_path / "a.tiff")
    assert picture.icc_profile == profile
    colors = rgb_reader(picture.space)(picture.pixels, CPU)
    # Compared with another original, so that every level is computed.
    changed = torch.ones(1, 1, 256, 256, dtype=torch.bool)
    computed = Restored(colors, changed, np.zeros_like(levels), picture.space).pixels()
    np.testing.assert_array_equal(computed, levels)
