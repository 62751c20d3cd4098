"""Files out: whole and exact, or not at all."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from photostyle.imaging.metadata import Metadata
from photostyle.imaging.picture import Picture
from photostyle.imaging.reading import read_picture
from photostyle.imaging.writing import check_output, write_picture
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.errors import OutputError
from support.icc import grey_profile, swapped_profile

RNG = np.random.default_rng(7)
RGBA = RNG.integers(0, 256, (5, 7, 4), np.uint8)
PIXELS = {
    "grey": RGBA[..., 0],
    "grey-alpha": RGBA[..., :2],
    "rgb": RGBA[..., :3],
    "rgba": RGBA,
    "grey16": RNG.integers(0, 65536, (5, 7), np.uint16),
    "float": RNG.normal(size=(5, 7)).astype(np.float32),
    "rgb16": RNG.integers(0, 65536, (5, 7, 3), np.uint16),
    "rgba16": RNG.integers(0, 65536, (5, 7, 4), np.uint16),
    "grey-alpha16": RNG.integers(0, 65536, (5, 7, 2), np.uint16),
    "half": RNG.normal(size=(5, 7, 3)).astype(np.float16),
    "rgba-float": RNG.random((5, 7, 4), np.float32) * 3,
}
EIGHT, SIXTEEN = {"grey", "grey-alpha", "rgb", "rgba"}, {"grey16", "grey-alpha16", "rgb16", "rgba16"}
HOLDS = {
    ".png": EIGHT | SIXTEEN,
    ".tiff": EIGHT | SIXTEEN | {"float", "half", "rgba-float"},
    ".tif": EIGHT | SIXTEEN | {"float", "half", "rgba-float"},
    ".exr": {"float", "half", "rgba-float"},
    ".jxl": {"grey", "rgb", "rgba", "grey16", "rgb16", "rgba16"},
    ".avif": {"rgb"},
    ".webp": {"rgb", "rgba"},
    ".jpg": {"grey", "rgb"},
    ".JPEG": {"grey", "rgb"},
}


@pytest.mark.parametrize("kind", PIXELS)
@pytest.mark.parametrize("suffix", HOLDS)
def test_each_format_holds_exactly_or_refuses_early(tmp_path: Path, suffix: str, kind: str) -> None:
    path, pixels = tmp_path / f"out{suffix}", PIXELS[kind]
    picture = Picture(pixels, space=LINEAR_LIGHT if pixels.dtype.kind == "f" else None)
    if kind in HOLDS[suffix]:
        check_output(path, picture)
        write_picture(path, picture)
        back = read_picture(path).pixels
        assert back.dtype == pixels.dtype
        # OpenEXR holds colours multiplied by alpha, which costs a bit or two.
        rounding = 1e-6 if (suffix, kind) == (".exr", "rgba-float") else 0
        loss = 90 if suffix.lower() in (".jpg", ".jpeg", ".avif") else 0
        np.testing.assert_allclose(back, pixels, atol=loss, rtol=rounding)
    else:
        for attempt in (lambda: check_output(path, picture), lambda: write_picture(path, picture)):
            with pytest.raises(OutputError, match="cannot hold") as caught:
                attempt()
            assert caught.value.hint.startswith("Use ")
    assert {entry.name for entry in tmp_path.iterdir()} <= {path.name}


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".webp", ".jpg"])
def test_profile_and_camera_data_travel(tmp_path: Path, suffix: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "Camera"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.FNumber] = 2.8
    picture = Picture(PIXELS["rgb"], swapped_profile(), Metadata(exif.tobytes().removeprefix(b"Exif\0\0")))
    write_picture(tmp_path / f"a{suffix}", picture)
    back = read_picture(tmp_path / f"a{suffix}")
    assert back.icc_profile == picture.icc_profile
    kept = Image.Exif()
    kept.load(back.metadata.exif)
    assert kept[ExifTags.Base.Model] == "Camera"
    assert kept.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.FNumber] == 2.8


def test_a_grey_profile_does_not_follow_into_colour(tmp_path: Path) -> None:
    grey = Picture(PIXELS["grey"], grey_profile())
    assert grey.with_pixels(PIXELS["grey16"]).icc_profile == grey.icc_profile
    assert grey.with_pixels(PIXELS["rgb"]).icc_profile is None


def test_jpeg_keeps_colour_at_full_resolution(tmp_path: Path) -> None:
    stripes = np.zeros((16, 16, 3), np.uint8)
    stripes[:, ::2, 0] = 255
    write_picture(tmp_path / "a.jpg", Picture(stripes))
    back = read_picture(tmp_path / "a.jpg").pixels.astype(int)
    assert (back[:, ::2, 0] - back[:, 1::2, 0]).min() > 200


def test_what_is_there_is_replaced_only_by_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_text("old")
    with pytest.raises(OutputError):
        write_picture(path, Picture(PIXELS["half"]))
    assert path.read_text() == "old"
    write_picture(path, Picture(PIXELS["rgb"]))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.png"]
    np.testing.assert_array_equal(read_picture(path).pixels, PIXELS["rgb"])


def test_new_files_have_the_persons_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_picture(tmp_path / "a.png", Picture(PIXELS["rgb"]))
    assert (tmp_path / "a.png").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "link.png").symlink_to(tmp_path / "target.png")
    write_picture(tmp_path / "link.png", Picture(PIXELS["rgb"]))
    assert (tmp_path / "link.png").is_symlink()
    np.testing.assert_array_equal(read_picture(tmp_path / "target.png").pixels, PIXELS["rgb"])


@pytest.mark.parametrize(("name", "words"), [("out", "no ending"), ("out.gif", ".gif"), ("out.xcf", ".xcf")])
def test_unknown_endings_are_refused(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(OutputError, match=words) as caught:
        check_output(tmp_path / name, Picture(PIXELS["rgb"]))
    assert ".png" in caught.value.hint


def test_too_long_a_side_for_the_format(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="16383"):
        check_output(tmp_path / "a.webp", Picture(np.zeros((1, 16384, 3), np.uint8)))


def test_inputs_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "in.png").touch()
    (tmp_path / "other.png").hardlink_to(tmp_path / "in.png")
    for name in ("in.png", "other.png"):
        with pytest.raises(OutputError, match="input"):
            check_output(tmp_path / name, Picture(PIXELS["rgb"]), [tmp_path / "in.png"])


def test_folders_that_cannot_take_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.png").mkdir()
    for path in ("missing/a.png", "file/a.png", "folder.png"):
        with pytest.raises(OutputError):
            check_output(tmp_path / path, Picture(PIXELS["rgb"]))


def test_a_full_disk_leaves_nothing(tiny_disk: Path) -> None:
    noise = RNG.integers(0, 256, (256, 256, 3), np.uint8)
    check_output(tiny_disk / "a.png", Picture(noise))
    with pytest.raises(OutputError, match="No space left"):
        write_picture(tiny_disk / "a.png", Picture(noise))
    assert not list(tiny_disk.iterdir())


def test_a_read_only_disk_is_found_before_the_work(tiny_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(OutputError, match="Read-only"):
        check_output(tiny_disk / "a.png", Picture(PIXELS["rgb"]))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_found_before_the_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        check_output(tmp_path / "a.png", Picture(PIXELS["rgb"]))
    tmp_path.chmod(0o700)


def test_the_same_picture_is_the_same_file(tmp_path: Path) -> None:
    """Nothing in it tells when it was written, so that a batch that goes on makes what an uninterrupted one makes."""
    exif = Image.Exif()
    exif[ExifTags.Base.DateTime] = "2020:01:02 03:04:05"
    dated = Metadata(exif.tobytes().removeprefix(b"Exif\0\0"))
    cases = [(suffix, metadata) for suffix in HOLDS for metadata in (Metadata(), dated)]
    written = {}
    for again in range(2):
        for number, (suffix, metadata) in enumerate(cases):
            pixels = PIXELS["half"] if suffix == ".exr" else PIXELS["rgb"]
            path = tmp_path / f"{number}{suffix}"
            write_picture(path, Picture(pixels, None, metadata, LINEAR_LIGHT))
            assert written.setdefault(path, path.read_bytes()) == path.read_bytes(), suffix
        if not again:
            time.sleep(1.1)
