"""``photostyle look`` from file to file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.cli import exit_codes
from photostyle.cli.app import run
from photostyle_protocol.look_file import read_look
from support.looks import packed

Files = Mapping[str, Path]


def done(*words: str | Path) -> None:
    assert run([str(word) for word in words]) == exit_codes.OK


def pixels_of(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def trilinear(text: str, pixels: np.ndarray) -> np.ndarray:
    """What the numbers of a .cube file make of pixels, as the format's description says."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    size = int(next(line.split()[1] for line in lines if line.startswith("LUT_3D_SIZE")))
    rows = np.array([line.split() for line in lines if line[0] in "-0123456789"], float)
    table = rows.reshape(size, size, size, 3)
    place = pixels / 255 * (size - 1)
    low = np.minimum(place.astype(int), size - 2)
    part = place - low
    out = np.zeros(pixels.shape)
    for corner in range(8):
        step = np.array([corner & 1, corner >> 1 & 1, corner >> 2])
        red, green, blue = np.moveaxis(low + step, -1, 0)
        share = np.where(step, part, 1 - part).prod(-1, keepdims=True)
        out += share * table[blue, green, red]
    return out.clip(0, 1) * 255


def test_a_look_stands_for_its_photograph(
    tmp_path: Path, photograph_files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    look = tmp_path / "night sky.look"
    done("look", "save", photograph_files["rocket"], look)
    assert f"Wrote {look}, 12" in capsys.readouterr().out
    assert read_look(look).name == "night sky"
    for style, out in ((look, "by look.png"), (photograph_files["rocket"], "by photograph.png")):
        words = ("stylize", photograph_files["coffee"], style, "-o", tmp_path / out, "--no-daemon", "-q")
        done(*words, "--device", "cpu", "--method", "reinhard")
    assert np.abs(pixels_of(tmp_path / "by look.png") - pixels_of(tmp_path / "by photograph.png")).max() <= 1


def test_what_is_in_a_look_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.look").write_bytes(packed("Golden hour"))
    done("look", "show", tmp_path / "a.look")
    told = capsys.readouterr().out
    assert told.startswith("Golden hour: a look, ")
    for words in ("red 50 %", "1024 colours", "9 × 6 pixels", "monge-kantorovich", "others than this program's"):
        assert words in told


def test_a_region_with_a_look(tmp_path: Path, photograph_files: Files) -> None:
    (tmp_path / "grey.look").write_bytes(packed())
    mask = Image.new("L", (600, 400))
    mask.paste(255, (0, 0, 300, 400))
    mask.save(tmp_path / "m.png")
    word = f"{tmp_path / 'm.png'}={tmp_path / 'grey.look'}"
    words = ["stylize", photograph_files["coffee"], "--region", word, "-o", tmp_path / "out.png", "--no-daemon", "-q"]
    done(*words, "--method", "monge-kantorovich", "--device", "cpu")
    before, after = pixels_of(photograph_files["coffee"]), pixels_of(tmp_path / "out.png")
    assert np.abs(before - after)[:, 320:].mean() < 1
    assert np.abs(after[:, :280].mean((0, 1)) - 127.5).max() < 5


def test_a_cube_gives_what_stylize_gives(
    tmp_path: Path, photograph_files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = photograph_files["coffee"], photograph_files["rocket"]
    words = ["--method", "monge-kantorovich", "--device", "cpu"]
    done("look", "export", *pair, "--cube", tmp_path / "a.cube", "--hald", tmp_path / "h.png", *words)
    told = capsys.readouterr()
    assert "note:" not in told.err
    assert "From the true result: 0.00 CIEDE2000 on average" in told.out
    done("stylize", *pair, "-o", tmp_path / "true.png", "--no-daemon", "-q", *words)
    text = (tmp_path / "a.cube").read_text(encoding="utf-8")
    assert "# Colour space: sRGB" in text
    assert 'TITLE "coffee in the look of rocket"' in text
    found = trilinear(text, pixels_of(pair[0]))
    assert np.abs(found - pixels_of(tmp_path / "true.png")).max() < 0.6
    assert pixels_of(tmp_path / "h.png").shape == (512, 512, 3)


def test_what_a_lut_cannot_hold_is_told(
    tmp_path: Path, photograph_files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    mask = Image.new("L", (600, 400))
    mask.paste(255, (0, 0, 300, 400))
    mask.save(tmp_path / "m.png")
    words = ["--cube", tmp_path / "a.cube", "--size", "17", "--device", "cpu"]
    pair = photograph_files["coffee"], photograph_files["rocket"]
    region = f"{tmp_path / 'm.png'}={photograph_files['chelsea']}"
    done("look", "export", *pair, *words, "--method", "monge-kantorovich", "--region", region)
    assert "note: A LUT knows colours and no places" in capsys.readouterr().err
    done("look", "export", *pair, *words, "--method", "pitie", "--option", "iterations=2")
    assert "note: This look changes from place to place" in capsys.readouterr().err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A good look and a broken one, where the command runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.look").write_bytes(packed())
    (tmp_path / "broken.look").write_bytes(packed()[:-5])
    return tmp_path


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["look", "save", "coffee", "a.png"], "does not end in .look"),
        (["look", "save", "a.look", "b.look"], "is not a picture"),
        (["look", "show", "coffee"], "is no look"),
        (["look", "show", "none.look"], "There is no look at"),
        (["look", "export", "coffee", "rocket"], "No file to write is named"),
        (["look", "export", "coffee", "--cube", "a.cube"], "No style is given"),
        (["look", "export", "coffee", "rocket", "--cube", "a.cub"], "does not end in .cube"),
        (["look", "export", "coffee", "rocket", "--cube", "a.cube", "--size", "5"], "The size is 5"),
        (["look", "export", "coffee", "rocket", "--hald", "a.png", "--bits", "12"], "the bits are 12"),
        (["stylize", "coffee", "broken.look", "-o", "o.png", "--no-daemon"], "broken.look is no look"),
    ],
)
def test_misuse_is_a_sentence(
    folder: Path, photograph_files: Files, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    before = sorted(folder.iterdir())
    given = [str(photograph_files.get(word, word)) for word in words]
    assert run(given) == exit_codes.BAD_INPUT
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.endswith("…")]
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert told in lines[0]
    assert sorted(folder.iterdir()) == before
