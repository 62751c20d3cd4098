"""Whole jobs: real files, the real command line, a real daemon with the real default method."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from photostyle.cli import exit_codes
from support.command_line import COMMAND, assert_refused, photostyle
from support.environment import session_root
from support.icc import swapped_profile
from support.looks import packed

Files = Mapping[str, Path]


@pytest.fixture(scope="module")
def warm() -> Iterator[Path]:
    """The runtime folder of a daemon that serves all tests here."""
    folder = session_root() / "warm"
    folder.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(folder))
        photostyle("serve", "--device", "cpu")
        yield folder
        photostyle("stop")


@pytest.fixture(autouse=True)
def _use_warm(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(warm))


def stylized(output: Path, *words: str | Path) -> np.ndarray:
    done = photostyle("stylize", *words, "-o", output)
    assert done.returncode == 0, done.stderr
    with Image.open(output) as image:
        return np.array(image)


def pixels_of(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.array(image)


def painted(path: Path, size: tuple[int, int], split: int, mode: str = "L") -> Path:
    """Black on the left of `split`, white (or red) on the right."""
    image = Image.new(mode, size)
    image.paste("white" if mode == "L" else "red", (split, 0, *size))
    image.save(path)
    return path


def test_the_look_changes_and_the_parts_are_told(tmp_path: Path, photograph_files: Files) -> None:
    done = photostyle("stylize", photograph_files["coffee"], photograph_files["rocket"], "-o", tmp_path / "out.png")
    assert done.returncode == 0, done.stderr
    assert f"Wrote {tmp_path / 'out.png'}, 600 × 400 pixels." in done.stdout
    for part in ("read", "reach the daemon", "send", "compute", "applying the finish", "fetch", "write", "in all"):
        assert f" {part} " in done.stdout
    content, style = (pixels_of(photograph_files[name]).astype(float) for name in ("coffee", "rocket"))
    result = pixels_of(tmp_path / "out.png").astype(float)
    assert result.shape == content.shape

    def distance(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.abs(a.mean((0, 1)) - b.mean((0, 1))).sum())

    assert distance(result, style) < distance(content, style) / 4


def test_quiet_says_nothing(tmp_path: Path, photograph_files: Files) -> None:
    files = photograph_files["coffee"], photograph_files["rocket"]
    done = photostyle("stylize", *files, "-o", tmp_path / "out.png", "--quiet", "--method", "reinhard")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "words", [["--strength", "0.4", "--keep-luminance"], ["--method", "pitie", "--option", "iterations=3"]]
)
def test_with_and_without_daemon_the_pixels_are_the_same(
    tmp_path: Path, photograph_files: Files, words: list[str]
) -> None:
    content, style = photograph_files["coffee"], photograph_files["astronaut"]
    maps = painted(tmp_path / "c.png", (600, 400), 250, "RGB"), painted(tmp_path / "s.png", (512, 512), 200, "RGB")
    mask = painted(tmp_path / "m.png", (600, 400), 100)
    words = [*words, "--mask", mask, "--content-regions", maps[0], "--style-regions", maps[1]]
    through = stylized(tmp_path / "daemon.png", content, style, *words)
    here = stylized(tmp_path / "here.png", content, style, "--no-daemon", *words)
    np.testing.assert_array_equal(through, here)
    assert (through[:, 100:] != pixels_of(content)[:, 100:]).any()


def test_a_look_goes_through_the_daemon(tmp_path: Path, photograph_files: Files) -> None:
    look = tmp_path / "a.look"
    look.write_bytes(packed())
    result = stylized(tmp_path / "o.png", photograph_files["coffee"], look, "--method", "monge-kantorovich")
    assert np.abs(result.mean((0, 1)) - 127.5).max() < 5
    done = photostyle("stylize", photograph_files["coffee"], look, "-o", tmp_path / "o.png", "--method", "hires")
    assert_refused(done, exit_codes.BAD_INPUT, "hires needs a style photograph")


def test_outside_the_mask_and_alpha_are_kept_to_the_bit(tmp_path: Path, photograph_files: Files) -> None:
    rgba = np.dstack([pixels_of(photograph_files["coffee"]), np.tile(np.arange(600) % 256, (400, 1))]).astype(np.uint8)
    Image.fromarray(rgba).save(tmp_path / "c.png")
    mask = painted(tmp_path / "m.png", (600, 400), 300)
    result = stylized(tmp_path / "o.png", tmp_path / "c.png", photograph_files["rocket"], "--mask", mask)
    np.testing.assert_array_equal(result[..., 3], rgba[..., 3])
    np.testing.assert_array_equal(result[:, :300], rgba[:, :300])
    assert (result[:, 300:, :3] != rgba[:, 300:, :3]).mean() > 0.5


def test_regions_follow_their_colours(tmp_path: Path) -> None:
    """The left of the style is green, the right is violet; the maps cross them over."""
    noise = np.random.default_rng(1).integers(60, 190, (96, 128, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "content.png")
    style = noise // 4
    style[:, :64, 1] += 180
    style[:, 64:, ::2] += 180
    Image.fromarray(style).save(tmp_path / "style.png")
    painted(tmp_path / "c.png", (128, 96), 64, "RGB")
    Image.fromarray(pixels_of(tmp_path / "c.png")[:, ::-1].copy()).save(tmp_path / "s.png")
    words = [tmp_path / "content.png", tmp_path / "style.png", "--method", "monge-kantorovich"]
    maps = ["--content-regions", tmp_path / "c.png", "--style-regions", tmp_path / "s.png"]
    result = stylized(tmp_path / "o.png", *words, *maps).astype(int)
    left, right = result[:, :48].mean((0, 1)), result[:, 80:].mean((0, 1))
    assert left[0] > left[1] + 100
    assert right[1] > right[0] + 100


@pytest.fixture
def grey(tmp_path: Path) -> Path:
    """A noisy grey picture, 128 × 96, beside a green and a red style and a mask of its left half."""
    noise = np.random.default_rng(1).integers(60, 190, (96, 128, 1), np.uint8)
    Image.fromarray(np.repeat(noise, 3, axis=2)).save(tmp_path / "grey.png")
    for name, channel in (("red", 0), ("green", 1)):
        style = np.repeat(noise // 4, 3, axis=2)
        style[..., channel] += 180
        Image.fromarray(style).save(tmp_path / f"{name}.png")
    painted(tmp_path / "right.png", (128, 96), 64)
    Image.fromarray(255 - pixels_of(tmp_path / "right.png")).save(tmp_path / "left.png")
    return tmp_path / "grey.png"


def halves(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean colours at the left and at the right, away from the border."""
    return picture[:, :32].mean((0, 1)), picture[:, 96:].mean((0, 1))


@pytest.mark.parametrize("by", ["masks", "colours", "mask and the rest"])
def test_each_region_has_its_own_style(tmp_path: Path, grey: Path, by: str) -> None:
    red, green = tmp_path / "red.png", tmp_path / "green.png"
    painted(tmp_path / "map.png", (128, 96), 64, "RGB")
    words: dict[str, list[str | Path]] = {
        "masks": ["--region", f"{tmp_path}/left.png={green}", "--region", f"{tmp_path}/right.png={red}"],
        "colours": [
            *("--region", f"black={green}", "--region", f"ff0000={red}"),
            *("--content-regions", tmp_path / "map.png"),
        ],
        "mask and the rest": [green, "--region", f"{tmp_path}/right.png={red}"],
    }
    left, right = halves(stylized(tmp_path / "o.png", grey, *words[by], "--method", "monge-kantorovich"))
    assert left.argmax() == 1
    assert right.argmax() == 0
    assert left[1] > left[0] + 100
    assert right[0] > right[1] + 100


def test_without_a_style_the_rest_is_kept(tmp_path: Path, grey: Path) -> None:
    words = ["--region", f"{tmp_path}/right.png={tmp_path}/red.png@0.5", "--method", "monge-kantorovich"]
    result = stylized(tmp_path / "o.png", grey, *words)
    np.testing.assert_array_equal(result[:, :16], pixels_of(grey)[:, :16])
    whole = stylized(tmp_path / "w.png", grey, *[word.replace("@0.5", "") for word in words])
    (_, half), (_, full), (_, none) = (halves(picture.astype(float)) for picture in (result, whole, pixels_of(grey)))
    np.testing.assert_allclose(half, (full + none) / 2, atol=2)


def test_a_style_mask_names_a_part_of_the_style(tmp_path: Path, grey: Path) -> None:
    two = np.hstack([pixels_of(tmp_path / "red.png")[:, :64], pixels_of(tmp_path / "green.png")[:, :64]])
    Image.fromarray(two).save(tmp_path / "two.png")
    word = f"{tmp_path}/left.png={tmp_path}/two.png={tmp_path}/right.png"
    left, _ = halves(stylized(tmp_path / "o.png", grey, "--region", word, "--method", "monge-kantorovich"))
    assert left[1] > left[0] + 100


def test_regions_that_are_found(tmp_path: Path, photograph_files: Files) -> None:
    files = photograph_files["coffee"], photograph_files["rocket"]
    found = stylized(tmp_path / "a.png", *files, "--regions", "auto")
    here = stylized(tmp_path / "h.png", *files, "--regions", "auto", "--no-daemon")
    np.testing.assert_array_equal(found, here)
    plain = stylized(tmp_path / "g.png", *files)
    assert np.abs(found.astype(int) - plain).mean() > 2


def test_profile_and_camera_data_travel_and_orientation_is_applied(tmp_path: Path, photograph_files: Files) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "Camera"
    with Image.open(photograph_files["coffee"]) as image:
        image.save(tmp_path / "c.jpg", exif=exif, icc_profile=swapped_profile())
    result = stylized(tmp_path / "o.jpg", tmp_path / "c.jpg", photograph_files["rocket"])
    assert result.shape == (600, 400, 3)
    with Image.open(tmp_path / "o.jpg") as image:
        assert image.info["icc_profile"] == swapped_profile()
        assert dict(image.getexif()) == {ExifTags.Base.Model: "Camera"}


@pytest.mark.parametrize("shape", [(1, 1), (1, 37), (41, 1), (53, 31)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_any_size_and_16_bit_grey(
    tmp_path: Path, photograph_files: Files, shape: tuple[int, int], dtype: type[np.generic]
) -> None:
    grey = np.random.default_rng(2).integers(0, np.iinfo(dtype).max, shape, dtype)
    Image.fromarray(grey).save(tmp_path / "c.png")
    result = stylized(tmp_path / "o.png", tmp_path / "c.png", photograph_files["rocket"])
    assert (result.shape, result.dtype) == (shape, np.dtype(dtype))


def test_a_named_endpoint(warm: Path, tmp_path: Path, photograph_files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files = photograph_files["coffee"], photograph_files["rocket"]
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    monkeypatch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(tmp_path / "elsewhere"))
    stylized(tmp_path / "o.png", *files, "--endpoint", warm / "connection.json", "--method", "reinhard")
    done = photostyle("stylize", *files, "-o", tmp_path / "p.png", "--endpoint", f"ipc://{tmp_path}/nobody")
    assert_refused(done, exit_codes.NO_DAEMON, "does not answer")
    assert not (tmp_path / "p.png").exists()
    assert not list((tmp_path / "elsewhere").iterdir()), "a daemon was started"


def test_a_terminal_shows_a_bar(tmp_path: Path, photograph_files: Files) -> None:
    terminal, end = pty.openpty()
    words = ["stylize", photograph_files["coffee"], photograph_files["rocket"], "-o", tmp_path / "o.png"]
    # It computes for a second or more: what is shorter than a tenth of a second is not shown.
    slowly = ["--method", "pitie", "--option", "iterations=30"]
    command = [*COMMAND, *map(str, words), *slowly]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=end, env=environment) as process:
        os.close(end)
        shown = b""
        with contextlib.suppress(OSError):  # Linux ends a terminal without a writer in this way
            while chunk := os.read(terminal, 4096):
                shown += chunk
        os.close(terminal)
        assert process.wait(60) == 0
    text = shown.decode()
    assert "━" in text
    assert "distribution transfer" in text
    assert "read …" not in text
