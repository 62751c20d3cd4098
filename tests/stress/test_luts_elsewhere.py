"""Tables of colours do in other programs what they do here: ffmpeg reads .cube and HaldCLUT, G'MIC reads HaldCLUT."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.cli.app import run

pytestmark = pytest.mark.stress
Files = Mapping[str, Path]


def tool(name: str) -> str:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed: apt-get install --no-install-recommends ffmpeg gmic")
    return name


def done(*words: str | Path) -> None:
    assert run([str(word) for word in words]) == 0


def outside(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=100)


def pixels_of(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, photograph_files: Files) -> Path:
    """A folder with a look's tables and its true result."""
    folder = tmp_path_factory.mktemp("luts")
    pair = photograph_files["coffee"], photograph_files["rocket"]
    how = ["--method", "monge-kantorovich", "--device", "cpu"]
    done("look", "export", *pair, "--cube", folder / "a.cube", "--hald", folder / "8.png", *how)
    done("look", "export", *pair, "--hald", folder / "16.png", "--bits", "16", *how)
    done("stylize", *pair, "-o", folder / "true.png", "--no-daemon", "-q", *how)
    return folder


@pytest.mark.parametrize("interpolation", ["trilinear", "tetrahedral"])
def test_a_cube_in_ffmpeg(exported: Path, photograph_files: Files, tmp_path: Path, interpolation: str) -> None:
    look = f"lut3d={exported / 'a.cube'}:interp={interpolation}"
    outside(tool("ffmpeg"), "-i", photograph_files["coffee"], "-vf", look, "-pix_fmt", "rgb24", tmp_path / "o.png")
    # ffmpeg cuts off where it should round.
    assert np.abs(pixels_of(tmp_path / "o.png") - pixels_of(exported / "true.png")).max() <= 1


@pytest.mark.parametrize("bits", [8, 16])
def test_a_hald_in_ffmpeg(exported: Path, photograph_files: Files, tmp_path: Path, bits: int) -> None:
    inputs = ["-i", photograph_files["coffee"], "-i", exported / f"{bits}.png"]
    wide = "[0]format=rgb48[a];[1]format=rgb48[b];[a][b]haldclut"
    outside(tool("ffmpeg"), *inputs, "-filter_complex", wide, "-frames:v", "1", "-pix_fmt", "rgb24", tmp_path / "o.png")
    assert np.abs(pixels_of(tmp_path / "o.png") - pixels_of(exported / "true.png")).max() <= (1 if bits == 16 else 2)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_hald_in_gmic(exported: Path, photograph_files: Files, tmp_path: Path, bits: int) -> None:
    # G'MIC reads 16-bit values as they are, and takes a table from 0 to 255.
    scale = ["-div[1]", "257"] if bits == 16 else []
    look = ["-map_clut[0]", "[1]", "-round[0]", "-o[0]", tmp_path / "o.png"]
    outside(tool("gmic"), photograph_files["coffee"], exported / f"{bits}.png", *scale, *look)
    assert np.abs(pixels_of(tmp_path / "o.png") - pixels_of(exported / "true.png")).max() <= 3
