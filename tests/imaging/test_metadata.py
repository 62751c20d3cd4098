"""Metadata of a file before and after, compared by exiftool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photostyle.imaging.picture import Picture
from photostyle.imaging.reading import read_picture
from photostyle.imaging.writing import write_picture
from photostyle_protocol.color_space import LINEAR_LIGHT
from support.icc import swapped_profile
from support.programs import exiftool_tags, set_with_exiftool

PIXELS = np.random.default_rng(2).integers(0, 65536, (30, 40, 3), np.uint16)
EIGHT = (PIXELS >> 8).astype(np.uint8)
FLOAT = (PIXELS / 65535).astype(np.float32)
WRITTEN = (
    "-Make=Camera",
    "-Model=X1",
    "-FNumber=2.8",
    "-ExposureTime=1/125",
    "-ISO=400",
    "-DateTimeOriginal=2020:01:02 03:04:05",
    "-LensModel=Lens",
    "-GPSLatitude=51.5",
    "-GPSLatitudeRef=N",
    "-Artist=Åsa",
    "-Copyright=© me",
    "-ImageDescription=a lake",
    "-XMP:Rating=4",
    "-XMP-dc:Title=Lake",
    "-XResolution=300",
    "-YResolution=300",
    "-ResolutionUnit=inches",
    "-Orientation#=6",
    "-XMP-tiff:Orientation#=6",
)
GROUPS = ("IFD0:", "ExifIFD:", "GPS:", "XMP", "ICC")
OF_THE_FILE = ("Strip", "Rows", "BitsPerSample", "YCbCrPositioning", "Compression", "Photometric", "Planar")


def travelling(tags: dict[str, str]) -> dict[str, str]:
    """What should be the same in both files: all but the layout of the file and where is up."""
    kept = {name: value for name, value in tags.items() if name.startswith(GROUPS)}
    kept = {name: v for name, v in kept.items() if not name.split(":")[1].startswith(OF_THE_FILE)}
    layout = ("ImageWidth", "ImageHeight", "SamplesPerPixel", "SampleFormat", "Orientation", "XMPToolkit", "Predictor")
    return {name: value for name, value in kept.items() if name.split(":")[1] not in layout}


@pytest.mark.parametrize(
    ("suffix", "pixels"),
    [
        ("tiff", PIXELS),
        ("tiff", EIGHT),
        ("tiff", FLOAT),
        ("png", PIXELS),
        ("jxl", PIXELS),
        ("jpg", EIGHT),
        ("webp", EIGHT),
    ],
    ids=["tiff16", "tiff8", "tiff-float", "png16", "jxl16", "jpg", "webp"],
)
def test_nothing_is_lost(tmp_path: Path, suffix: str, pixels: np.ndarray) -> None:
    before, after = tmp_path / f"before.{suffix}", tmp_path / f"after.{suffix}"
    write_picture(before, Picture(pixels, swapped_profile()))
    set_with_exiftool(before, *WRITTEN)
    picture = read_picture(before)
    assert picture.pixels.dtype == pixels.dtype
    write_picture(after, picture)
    old, new = exiftool_tags(before), exiftool_tags(after)
    assert travelling(new) == travelling(old)
    assert new.get("IFD0:Orientation", "Horizontal (normal)") == "Horizontal (normal)"
    assert new["XMP-tiff:Orientation"] == "Horizontal (normal)"


def test_openexr_keeps_its_attributes(tmp_path: Path) -> None:
    import OpenImageIO

    before, after = tmp_path / "before.exr", tmp_path / "after.exr"
    spec = OpenImageIO.ImageSpec(40, 30, 3, "half")
    spec.x, spec.y, spec.full_width, spec.full_height = 3, 5, 60, 50
    for name, value in {"Make": "Camera", "FNumber": 2.8, "owner": "me", "shot/take": 7, "compression": "piz"}.items():
        spec.attribute(name, value)
    spec.attribute("chromaticities", "float[8]", (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329))
    sink = OpenImageIO.ImageOutput.create("openexr")
    assert sink.open(str(before), spec)
    assert sink.write_image(FLOAT.astype(np.float16))
    assert sink.close()
    write_picture(after, read_picture(before))
    old, new = ({k: v for k, v in exiftool_tags(p).items() if k.startswith("OpenEXR:")} for p in (before, after))
    assert new == old


def test_camera_data_go_from_tiff_to_openexr_and_back(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.tiff", Picture(FLOAT, space=LINEAR_LIGHT))
    set_with_exiftool(tmp_path / "a.tiff", *WRITTEN[:6], "-XMP:Rating=4")
    write_picture(tmp_path / "b.exr", read_picture(tmp_path / "a.tiff"))
    write_picture(tmp_path / "c.tiff", read_picture(tmp_path / "b.exr"))
    old, new = (exiftool_tags(tmp_path / name) for name in ("a.tiff", "c.tiff"))
    for tag in ("IFD0:Make", "IFD0:Model", "ExifIFD:FNumber", "ExifIFD:ExposureTime", "ExifIFD:ISO", "XMP-xmp:Rating"):
        assert new[tag] == old[tag]
