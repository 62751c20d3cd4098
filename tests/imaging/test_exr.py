"""OpenEXR: half stays half, alpha goes back to the bit, and what is no photograph is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenImageIO
import pytest

from photostyle.imaging.exr import chromaticities_of
from photostyle.imaging.picture import Picture
from photostyle.imaging.primaries import SRGB
from photostyle.imaging.reading import read_picture
from photostyle.imaging.writing import check_output, write_picture
from photostyle_protocol.color_space import LINEAR_LIGHT, ColorSpace
from photostyle_protocol.errors import BadImageError, OutputError

RNG = np.random.default_rng(3)
LIGHT = (RNG.normal(size=(5, 7, 3)) * 4).astype(np.float16)
REC2020 = (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329)


def written(path: Path, pixels: np.ndarray, *parts: str, names: str = "RGBA", **attributes: object) -> Path:
    spec = OpenImageIO.ImageSpec(pixels.shape[1], pixels.shape[0], pixels.shape[2], str(OpenImageIO.TypeDesc("half")))
    spec.channelnames = tuple(names[: pixels.shape[2]])
    for name, value in attributes.items():
        spec.attribute(name, *value) if isinstance(value, tuple) else spec.attribute(name, value)
    sink = OpenImageIO.ImageOutput.create("openexr")
    assert sink.open(str(path), (spec,) * len(parts)) if parts else sink.open(str(path), spec)
    assert sink.write_image(pixels)
    for _ in parts[1:]:
        assert sink.open(str(path), spec, "AppendSubimage")
        assert sink.write_image(pixels)
    assert sink.close()
    return path


def test_half_light_of_any_size_stays(tmp_path: Path) -> None:
    picture = read_picture(written(tmp_path / "a.exr", LIGHT))
    assert picture.space == LINEAR_LIGHT
    write_picture(tmp_path / "b.exr", picture)
    back = read_picture(tmp_path / "b.exr").pixels
    assert back.dtype == np.float16
    np.testing.assert_array_equal(back, LIGHT)


def test_chromaticities_are_the_space_and_stay(tmp_path: Path) -> None:
    path = written(tmp_path / "a.exr", LIGHT, chromaticities=("float[8]", REC2020))
    picture = read_picture(path)
    np.testing.assert_allclose(np.reshape(picture.space.matrix, (3, 3)).sum(1), 1, atol=1e-6)
    np.testing.assert_allclose(picture.space.matrix[:3], (1.6605, -0.5877, -0.0728), atol=1e-3)
    assert chromaticities_of(picture.space) == pytest.approx(REC2020, abs=1e-6)
    write_picture(tmp_path / "b.exr", picture)
    assert read_picture(tmp_path / "b.exr").space == picture.space
    write_picture(tmp_path / "c.exr", Picture(LIGHT, space=picture.space))
    assert read_picture(tmp_path / "c.exr").space.matrix == pytest.approx(picture.space.matrix, abs=1e-5)


def test_srgbs_primaries_are_plain_light() -> None:
    assert chromaticities_of(LINEAR_LIGHT) == pytest.approx(SRGB)
    assert ColorSpace(LINEAR_LIGHT.curves) == LINEAR_LIGHT


def test_colours_are_divided_by_alpha_and_go_back_to_the_bit(tmp_path: Path) -> None:
    alpha = RNG.choice(np.array([0, 0.1, 0.5, 1], np.float16), (5, 7, 1))
    held = np.concatenate([(LIGHT * alpha).astype(np.float16), alpha], axis=2)
    picture = read_picture(written(tmp_path / "a.exr", held))
    shown = alpha[..., 0] > 0
    np.testing.assert_allclose(picture.pixels[shown][:, :3], LIGHT[shown].astype(np.float32), rtol=2e-3)
    pixels = picture.pixels.copy()
    pixels[0, :, :3] *= 2
    write_picture(tmp_path / "b.exr", picture.with_pixels(pixels))
    found = read_picture(tmp_path / "b.exr").held
    assert found.dtype == np.float16
    np.testing.assert_array_equal(found[1:], held[1:])
    np.testing.assert_allclose(found[0, :, :3], held[0, :, :3] * 2, rtol=2e-3)


def test_channels_lie_as_they_are_named(tmp_path: Path) -> None:
    picture = read_picture(written(tmp_path / "a.exr", LIGHT, names="GBR"))
    np.testing.assert_array_equal(picture.pixels, LIGHT[..., [2, 0, 1]])


@pytest.mark.parametrize(("names", "said"), [("RGBZ", "channels"), ("ZZZ", "channels"), ("R", "channels")])
def test_other_channels_are_refused(tmp_path: Path, names: str, said: str) -> None:
    pixels = np.ones((5, 7, len(names)), np.float16)
    with pytest.raises(BadImageError, match=said):
        read_picture(written(tmp_path / "a.exr", pixels, names=names))


def test_several_parts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadImageError, match="several parts"):
        read_picture(written(tmp_path / "a.exr", LIGHT, "one", "two"))


def test_deep_pixels_are_refused(tmp_path: Path) -> None:
    spec = OpenImageIO.ImageSpec(2, 2, 4, "half")
    spec.deep = True
    deep = OpenImageIO.DeepData()
    deep.init(4, 4, (OpenImageIO.TypeDesc("half"),) * 4, ("R", "G", "B", "A"))
    sink = OpenImageIO.ImageOutput.create("openexr")
    assert sink.open(str(tmp_path / "a.exr"), spec)
    assert sink.write_deep_image(deep)
    assert sink.close()
    with pytest.raises(BadImageError, match="deep pixels"):
        read_picture(tmp_path / "a.exr")


def test_chromaticities_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadImageError, match="no primaries"):
        read_picture(written(tmp_path / "a.exr", LIGHT, chromaticities=("float[8]", (0.3, 0.3) * 4)))


def test_numbers_with_a_curve_are_no_light(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="linear light"):
        check_output(tmp_path / "a.exr", Picture(LIGHT))
