"""Very large pictures: the same as small ones with one copy less, and refused with numbers before there is memory."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from photostyle.imaging import deep_reading, reading
from photostyle.imaging.reading import read_picture
from photostyle.imaging.writing import write_picture
from photostyle.machine.memory import Room
from photostyle_protocol.errors import BadImageError, PictureTooLargeError

PHOTOGRAPH = skimage.data.coffee()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture is large."""
    monkeypatch.setattr(reading, "LARGE", 0)


def saved(path: Path, **options: object) -> Path:
    exif = Image.Exif()
    exif[0x10F] = "Maker"
    exif[0x112] = 6
    Image.fromarray(PHOTOGRAPH).save(path, exif=exif, dpi=(300, 300), **options)
    return path


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("jpg", {"quality": 90, "subsampling": 2}),
        ("jpg", {"quality": 90, "progressive": True}),
        ("png", {}),
        ("tiff", {}),
        ("tiff", {"compression": "tiff_lzw"}),
    ],
)
def test_read_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, options: dict[str, object]
) -> None:
    path = saved(tmp_path / f"a.{suffix}", **options)
    usual = read_picture(path)
    monkeypatch.setattr(reading, "LARGE", 0)
    found = read_picture(path)
    np.testing.assert_array_equal(found.pixels, usual.pixels)
    assert (found.metadata, found.icc_profile, found.space) == (usual.metadata, usual.icc_profile, usual.space)
    assert found.pixels.flags.writeable
    assert found.pixels.flags.c_contiguous


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_written_as_pillow_does(tmp_path: Path, suffix: str) -> None:
    picture = read_picture(saved(tmp_path / "a.jpg", quality=90))
    write_picture(tmp_path / f"found.{suffix}", picture)
    Image.fromarray(picture.pixels).save(tmp_path / f"pillow.{suffix}", quality=95, subsampling=0)
    pillow, found = (read_picture(tmp_path / f"{name}.{suffix}") for name in ("pillow", "found"))
    np.testing.assert_array_equal(found.pixels, pillow.pixels)
    assert (found.metadata.exif, found.metadata.xmp) == (picture.metadata.exif, picture.metadata.xmp)
    assert found.metadata.resolution == pytest.approx(picture.metadata.resolution, rel=1e-4)
    assert {path.name for path in tmp_path.iterdir()} == {"a.jpg", f"pillow.{suffix}", f"found.{suffix}"}


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_damaged_one_is_a_sentence(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"a.{suffix}")
    path.write_bytes(path.read_bytes()[:-20000])
    with pytest.raises(BadImageError, match="damaged or truncated"):
        read_picture(path)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_too_much_for_the_memory_is_refused_with_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: type[np.generic]
) -> None:
    write_picture(tmp_path / "a.png", reading.Picture(PHOTOGRAPH.astype(dtype)))
    monkeypatch.setattr(deep_reading, "memory_room", lambda: Room(0, 2**34))
    words = r"600 × 400 pixels, which need 0\.0 GiB of memory, and 0\.0 of 16\.0 GiB are free"
    with pytest.raises(PictureTooLargeError, match=words):
        read_picture(tmp_path / "a.png")


def test_a_file_cannot_hold_what_it_announces(tmp_path: Path) -> None:
    """600 megapixels in a hundred bytes: no memory is taken to find out."""
    header = struct.pack(">IIBBBBB", 30_000, 20_000, 8, 2, 0, 0, 0)
    head = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + header
        + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    )
    data = zlib.compress(bytes(90_001))
    body = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    (tmp_path / "a.png").write_bytes(head + body)
    with pytest.raises(BadImageError, match=r"announces 30000 × 20000 pixels in \d+ bytes"):
        read_picture(tmp_path / "a.png")


def test_a_plain_picture_packs_well(tmp_path: Path) -> None:
    """What compresses best is no lie."""
    Image.new("1", (6000, 6000)).save(tmp_path / "a.png", compress_level=9)
    assert read_picture(tmp_path / "a.png").pixels.shape == (6000, 6000)
    Image.new("L", (6000, 6000)).save(tmp_path / "a.jpg", optimize=True)
    assert read_picture(tmp_path / "a.jpg").pixels.shape == (6000, 6000)
