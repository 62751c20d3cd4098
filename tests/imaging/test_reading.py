"""Files in: every kind either exactly, or refused in one sentence."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from photostyle.imaging.picture import Picture
from photostyle.imaging.reading import read_picture
from photostyle_protocol.errors import BadImageError, BadInputError, PictureTooLargeError
from support.icc import grey_profile, srgb_profile, swapped_profile
from support.photographs import Photograph

RNG = np.random.default_rng(7)
RGB = RNG.integers(0, 256, (5, 7, 3), np.uint8)
RGBA = RNG.integers(0, 256, (5, 7, 4), np.uint8)
GREY16 = RNG.integers(0, 65536, (5, 7), np.uint16)


def saved(path: Path, image: Image.Image, **options: object) -> Picture:
    image.save(path, **options)
    return read_picture(path)


def assert_exact(picture: Picture, wanted: np.ndarray) -> None:
    assert picture.pixels.dtype == wanted.dtype
    assert picture.pixels.dtype.isnative
    np.testing.assert_array_equal(picture.pixels, wanted)


@pytest.mark.parametrize("suffix", ["png", "tiff", "webp", "bmp", "ppm"])
def test_colour_is_exact(tmp_path: Path, suffix: str) -> None:
    options = {"lossless": True} if suffix == "webp" else {}
    assert_exact(saved(tmp_path / f"a.{suffix}", Image.fromarray(RGB), **options), RGB)


@pytest.mark.parametrize("suffix", ["png", "tiff", "webp"])
def test_alpha_is_exact_even_where_nothing_shows(tmp_path: Path, suffix: str) -> None:
    options = {"lossless": True, "exact": True} if suffix == "webp" else {}
    assert_exact(saved(tmp_path / f"a.{suffix}", Image.fromarray(RGBA), **options), RGBA)


@pytest.mark.parametrize("suffix", ["png", "tiff", "pgm"])
def test_grey_16_stays_16(tmp_path: Path, suffix: str) -> None:
    assert_exact(saved(tmp_path / f"a.{suffix}", Image.fromarray(GREY16)), GREY16)


def test_big_endian_tiff_is_read_in_this_machines_order(tmp_path: Path) -> None:
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(tmp_path / "a.tiff", GREY16, byteorder=">", photometric="minisblack")
    assert_exact(read_picture(tmp_path / "a.tiff"), GREY16)


def test_grey_with_alpha(tmp_path: Path) -> None:
    assert_exact(saved(tmp_path / "a.png", Image.fromarray(RGBA[..., :2])), RGBA[..., :2])


def test_float_grey_keeps_values_beyond_one(tmp_path: Path) -> None:
    values = np.array([[-0.5, 0.25], [1.0, 7.5]], np.float32)
    assert_exact(saved(tmp_path / "a.tiff", Image.fromarray(values)), values)


def test_black_and_white_becomes_grey(tmp_path: Path) -> None:
    bits = RGB[..., 0] > 127
    assert_exact(saved(tmp_path / "a.png", Image.fromarray(bits)), bits.astype(np.uint8) * 255)


def test_palette_becomes_colour(tmp_path: Path) -> None:
    palette = Image.fromarray(RGB).quantize(256)
    assert_exact(saved(tmp_path / "a.png", palette), np.asarray(palette.convert("RGB")))


def test_transparent_palette_keeps_alpha(tmp_path: Path) -> None:
    palette = Image.new("P", (2, 1))
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.putpixel((1, 0), 1)
    picture = saved(tmp_path / "a.png", palette, transparency=bytes([128, 255]))
    assert_exact(picture, np.array([[[255, 0, 0, 128], [0, 0, 255, 255]]], np.uint8))


def test_transparent_colour_becomes_alpha(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8))
    picture = saved(tmp_path / "a.png", image, transparency=(4, 5, 6))
    assert_exact(picture, np.array([[[1, 2, 3, 255], [4, 5, 6, 0]]], np.uint8))


def test_cmyk_becomes_colour_and_loses_its_profile(tmp_path: Path) -> None:
    cmyk = Image.new("CMYK", (3, 2), (255, 0, 0, 0))
    picture = saved(tmp_path / "a.jpg", cmyk, quality=100, icc_profile=srgb_profile())
    assert picture.icc_profile is None
    np.testing.assert_allclose(picture.pixels, np.broadcast_to([0, 255, 255], (2, 3, 3)), atol=2)


def test_animation_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (4, 3), colour) for colour in ("red", "blue")]
    picture = saved(tmp_path / "a.gif", frames[0], save_all=True, append_images=frames[1:])
    assert_exact(picture, np.broadcast_to(np.array([255, 0, 0], np.uint8), (3, 4, 3)))


@pytest.mark.parametrize("suffix", ["jpg", "png", "tiff", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_and_reset(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = np.zeros((16, 24), np.uint8)
    upright[:8, :8] = 255
    upright[8:, 16:] = 128
    stored = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1],
        5: upright.T, 6: upright.T[::-1], 7: upright[::-1, ::-1].T, 8: upright.T[:, ::-1],
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Model] = "Camera"
    colour = np.repeat(stored[..., None], 3, axis=2)
    picture = saved(tmp_path / f"a.{suffix}", Image.fromarray(np.ascontiguousarray(colour)), exif=exif)
    np.testing.assert_allclose(picture.pixels[..., 0].astype(int), upright, atol=12)
    kept = Image.Exif()
    kept.load(picture.metadata.exif)
    assert dict(kept) == {ExifTags.Base.Model: "Camera"}


def test_camera_data_stays_without_thumbnail_and_sizes(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "A. Person"
    exif.get_ifd(ExifTags.IFD.Exif).update({ExifTags.Base.FNumber: 2.8, ExifTags.Base.ExifImageWidth: 9})
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(ExifTags.IFD.IFD1)[ExifTags.Base.ImageDescription] = "thumbnail"
    kept = Image.Exif()
    kept.load(saved(tmp_path / "a.jpg", Image.fromarray(RGB), exif=exif).metadata.exif)
    assert kept[ExifTags.Base.Artist] == "A. Person"
    assert dict(kept.get_ifd(ExifTags.IFD.Exif)) == {ExifTags.Base.FNumber: 2.8}
    assert dict(kept.get_ifd(ExifTags.IFD.GPSInfo)) == {ExifTags.GPS.GPSLatitudeRef: "N"}
    assert not kept.get_ifd(ExifTags.IFD.IFD1)


@pytest.mark.parametrize(
    ("pixels", "profile", "kept"),
    [
        (RGB, swapped_profile(), True),
        (RGB[..., 0], grey_profile(), True),
        (GREY16, grey_profile(), True),
        (RGB, grey_profile(), False),
        (RGB[..., 0], srgb_profile(), False),
        (RGB, b"no profile at all", False),
    ],
)
def test_only_a_profile_that_fits_is_kept(tmp_path: Path, pixels: np.ndarray, profile: bytes, kept: bool) -> None:
    image = Image.fromarray(np.ascontiguousarray(pixels))
    assert saved(tmp_path / "a.png", image, icc_profile=profile).icc_profile == (profile if kept else None)


def deep_png(colour_type: int, channels: int) -> bytes:
    """A 2×2 PNG with 16 bits per channel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 2, 2, 16, colour_type, 0, 0, 0)
    rows = (b"\0" + bytes(2 * 2 * channels)) * 2
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def assert_refused(path: Path, *words: str, kind: type[BadInputError] = BadImageError) -> None:
    with pytest.raises(kind) as caught:
        read_picture(path)
    assert "\n" not in str(caught.value)
    assert str(path) in caught.value.message
    assert caught.value.hint
    for word in words:
        assert word in caught.value.message


@pytest.mark.parametrize(("colour_type", "channels"), [(2, 3), (4, 2), (6, 4)])
def test_16_bit_colour_png_is_not_cut(tmp_path: Path, colour_type: int, channels: int) -> None:
    (tmp_path / "a.png").write_bytes(deep_png(colour_type, channels))
    assert_exact(read_picture(tmp_path / "a.png"), np.zeros((2, 2, channels), np.uint16))


def test_16_bit_colour_ppm_is_not_cut(tmp_path: Path) -> None:
    (tmp_path / "a.ppm").write_bytes(b"P6 1 1 65535\n" + bytes([1, 2, 3, 4, 5, 6]))
    assert_exact(read_picture(tmp_path / "a.ppm"), np.array([[[258, 772, 1286]]], np.uint16))


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_deep_colour_tiff_is_not_cut(tmp_path: Path, dtype: type[np.generic], compression: str | None) -> None:
    tifffile = pytest.importorskip("tifffile")
    pixels = RGB.astype(dtype) * 257
    for layout in ({}, {"planarconfig": "separate"}, {"tile": (16, 16)}, {"bigtiff": True}, {"byteorder": ">"}):
        given = np.moveaxis(pixels, 2, 0) if "planarconfig" in layout else pixels
        tifffile.imwrite(tmp_path / "a.tiff", given, photometric="rgb", compression=compression, **layout)
        assert_exact(read_picture(tmp_path / "a.tiff"), pixels)


def test_deep_grey_that_counts_from_white_is_refused(tmp_path: Path) -> None:
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(tmp_path / "a.tiff", GREY16, photometric="miniswhite")
    assert_refused(tmp_path / "a.tiff", "16-bit")


def test_whole_numbers_and_lab_are_refused(tmp_path: Path) -> None:
    Image.new("I", (2, 2)).save(tmp_path / "whole.tiff")
    Image.new("LAB", (2, 2)).save(tmp_path / "lab.tiff")
    assert_refused(tmp_path / "whole.tiff", "type int")
    assert_refused(tmp_path / "lab.tiff", "LAB")


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("dear diary")
    (tmp_path / "empty.png").touch()
    os.mkfifo(tmp_path / "pipe.png")
    assert_refused(tmp_path / "text.jpg", "not a picture")
    assert_refused(tmp_path / "empty.png", "empty")
    assert_refused(tmp_path / "missing.png", "does not exist")
    assert_refused(tmp_path, "folder")
    assert_refused(tmp_path / "pipe.png", "not a regular file")
    assert_refused(tmp_path / "text.jpg" / "inside.png", "cannot be read")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_unreadable_is_refused(tmp_path: Path) -> None:
    Image.fromarray(RGB).save(tmp_path / "a.png")
    (tmp_path / "a.png").chmod(0)
    assert_refused(tmp_path / "a.png", "Permission denied")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(tmp_path: Path, value: float) -> None:
    Image.fromarray(np.array([[0.5, value]], np.float32)).save(tmp_path / "a.tiff")
    assert_refused(tmp_path / "a.tiff", "no numbers")


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff", "webp", "bmp", "gif"])
def test_truncated_is_refused(tmp_path: Path, suffix: str, photographs: Mapping[str, Photograph]) -> None:
    whole = io.BytesIO()
    Image.fromarray(photographs["coffee"]).save(whole, "JPEG" if suffix == "jpg" else suffix)
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(whole.getvalue()[: len(whole.getvalue()) * 2 // 3])
    assert_refused(path, "damaged or truncated")


def test_a_bomb_is_refused_from_its_header(tmp_path: Path) -> None:
    """40 000 × 40 000 pixels announced, nothing behind them: decoding would say truncated."""
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header
    (tmp_path / "a.png").write_bytes(data + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + deep_png(2, 3)[33:])
    assert_refused(tmp_path / "a.png", "40000 × 40000", "1,074 megapixels", kind=PictureTooLargeError)


def test_the_limit_is_the_callers(tmp_path: Path) -> None:
    Image.fromarray(RGB).save(tmp_path / "a.png")
    assert read_picture(tmp_path / "a.png", max_pixels=35).pixels.shape == (5, 7, 3)
    with pytest.raises(PictureTooLargeError):
        read_picture(tmp_path / "a.png", max_pixels=34)


def test_what_decoders_say_is_not_heard_beside_our_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.png").write_bytes(deep_png(2, 3).replace(b"IDAT", b"IDAT\xff", 1))
    assert_refused(tmp_path / "a.png", "damaged")
    assert capfd.readouterr() == ("", "")
    libc = ctypes.CDLL(None)
    libc.perror(b"what is said at other times")
    assert "what is said at other times" in capfd.readouterr().err


SEEDS = [
    ("PNG", {}),
    ("JPEG", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("WEBP", {}),
    ("GIF", {}),
]


def seed(kind: str, options: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "Camera"
    Image.fromarray(RGB).save(buffer, kind, exif=exif, icc_profile=srgb_profile(), **options)
    return buffer.getvalue()


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    kind=st.sampled_from(SEEDS),
    damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=4),
    keep=st.floats(0, 1),
)
def test_damage_gives_a_picture_or_a_sentence(
    tmp_path: Path, kind: tuple[str, dict[str, str]], damage: list[tuple[float, bytes]], keep: float
) -> None:
    data = bytearray(seed(*kind))
    for place, patch in damage:
        start = int(place * len(data))
        data[start : start + len(patch)] = patch
    path = tmp_path / "a.bin"
    path.write_bytes(data[: int(keep * len(data)) + 1] if keep < 0.5 else data)
    with contextlib.suppress(BadInputError):
        assert read_picture(path, max_pixels=1_000_000).pixels.dtype in (np.uint8, np.uint16, np.float32)
