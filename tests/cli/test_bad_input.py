"""Every kind of bad input: one line, exit status 2, no file, and no daemon is started for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.cli import exit_codes
from photostyle.cli.app import run
from support.command_line import assert_refused, photostyle

Files = Mapping[str, Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good and bad files of all kinds, 12 × 8 pixels where they are pictures."""
    Image.new("RGB", (12, 8), "teal").save(tmp_path / "good.png")
    Image.new("RGBA", (12, 8), "teal").save(tmp_path / "alpha.png")
    Image.new("L", (12, 8), 255).save(tmp_path / "mask.png")
    Image.new("L", (9, 8), 255).save(tmp_path / "narrow.png")
    Image.new("L", (12, 8), 0).save(tmp_path / "black.png")
    Image.new("RGB", (12, 8), "red").save(tmp_path / "red.png")
    Image.new("RGB", (12, 8), "blue").save(tmp_path / "blue.png")
    Image.fromarray(np.full((8, 12), np.nan, np.float32)).save(tmp_path / "nan.tiff")
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty.png").touch()
    (tmp_path / "cut.png").write_bytes((tmp_path / "good.png").read_bytes()[:45])
    return tmp_path


REGION = ("good.png", "--region")
GOOD = ("good.png", "good.png")
CASES = {
    "missing": (("none.png", "good.png"), "none.png does not exist"),
    "missing style": (("good.png", "none.png"), "none.png does not exist"),
    "no picture": (("text.png", "good.png"), "not a picture"),
    "empty": (("good.png", "empty.png"), "empty"),
    "truncated": (("cut.png", "good.png"), "damaged or truncated"),
    "folder": ((".", "good.png"), "is a folder"),
    "NaN": (("nan.tiff", "good.png"), "NaN"),
    "mask of another size": ((*GOOD, "--mask", "narrow.png"), "9 × 8 pixels, the picture is 12 × 8"),
    "mask of nothing": ((*GOOD, "--mask", "black.png"), "selects nothing"),
    "mask with colours": ((*GOOD, "--mask", "red.png"), "has colours"),
    "one region map": ((*GOOD, "--content-regions", "red.png"), "without --style-regions"),
    "other region map": ((*GOOD, "--style-regions", "red.png"), "without --content-regions"),
    "no shared region": (
        (*GOOD, "--content-regions", "red.png", "--style-regions", "blue.png"),
        "#ff0000 in the content's, #0000ff in the style's",
    ),
    "region map of another size": (
        (*GOOD, "--content-regions", "narrow.png", "--style-regions", "mask.png"),
        "9 × 8 pixels, its picture is 12 × 8",
    ),
    "no style": (("good.png",), "No style is given"),
    "region without style": ((*REGION, "mask.png"), "--region mask.png is not understood"),
    "region without mask": ((*REGION, "=good.png"), "--region =good.png is not understood"),
    "region of too many parts": ((*REGION, "mask.png=good.png=mask.png=mask.png"), "MASK=STYLE"),
    "region of too much strength": ((*REGION, "mask.png=good.png@1.5"), "strength 1.5"),
    "region of a missing mask": ((*REGION, "none.png=good.png"), "none.png does not exist"),
    "region of a missing style": ((*REGION, "mask.png=none.png"), "none.png does not exist"),
    "region mask with colours": ((*REGION, "red.png=good.png"), "has colours"),
    "region mask of nothing": ((*REGION, "black.png=good.png"), "selects nothing"),
    "region mask of another size": ((*REGION, "narrow.png=good.png"), "9 × 8 pixels, the picture is 12 × 8"),
    "style mask of another size": ((*REGION, "mask.png=good.png=narrow.png"), "9 × 8 pixels"),
    "colour that the map lacks": ((*REGION, "blue=good.png", "--content-regions", "red.png"), "It has: #ff0000"),
    "word that is no colour": ((*REGION, "sky=good.png", "--content-regions", "red.png"), "'sky' is no colour"),
    "colour twice": (
        (*REGION, "red=good.png", "--region", "#fe0000=good.png", "--content-regions", "red.png"),
        "named twice",
    ),
    "two ways for the style": (
        (*REGION, "red=good.png", "--content-regions", "red.png", "--style-regions", "red.png"),
        "--region and --style-regions contradict",
    ),
    "unknown regions": ((*GOOD, "--regions", "mask.png=good.png"), "Choose from: given, auto"),
    "automatic and given regions": ((*REGION, "mask.png=good.png", "--regions", "auto"), "--regions auto"),
    "automatic regions and a map": ((*GOOD, "--content-regions", "red.png", "--regions", "auto"), "--regions auto"),
    "unknown method": ((*GOOD, "--method", "cubism"), "cubism"),
    "unknown option": ((*GOOD, "--option", "brush=3"), "brush"),
    "option out of range": ((*GOOD, "--option", "residual=9"), "residual"),
    "option without value": ((*GOOD, "--option", "residual"), "no value"),
    "option twice": ((*GOOD, "--option", "residual=1", "--option", "residual=1"), "twice"),
    "strength": ((*GOOD, "--strength", "1.5"), "1.5"),
    "strength that is no number": ((*GOOD, "--strength", "nan"), "nan"),
    "finish": ((*GOOD, "--finish", "matte"), "matte"),
    "contradiction": ((*GOOD, "--endpoint", "ipc://x", "--no-daemon"), "--no-daemon"),
    "device": ((*GOOD, "--device", "abacus"), "abacus"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input(
    folder: Path,
    runtime_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: str,
) -> None:
    words, told = CASES[case]
    before = set(folder.iterdir())
    monkeypatch.chdir(folder)
    assert run(["stylize", *words, "-o", "out.png"]) == exit_codes.BAD_INPUT
    (line,) = [line for line in capsys.readouterr().err.splitlines() if not line.endswith("…")]
    assert line.startswith("error: ")
    assert told in line
    assert set(folder.iterdir()) == before
    assert not list(runtime_dir.iterdir()), "a daemon was started"


OUTPUTS = {
    "good.png": ("good.png", "one of the input pictures"),
    "mask.png": ("good.png", "one of the input pictures"),
    "nowhere/out.png": ("good.png", "No such file or directory"),
    "out.gif": ("good.png", ".gif"),
    "out.jpg": ("alpha.png", "JPEG cannot hold"),
    ".": ("good.png", "no ending"),
}


@pytest.mark.parametrize("output", OUTPUTS)
def test_bad_output(
    folder: Path, runtime_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    content, told = OUTPUTS[output]
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    monkeypatch.chdir(folder)
    words = ["stylize", content, "red.png", "--mask", "mask.png", "-o", output]
    assert run(words) == exit_codes.BAD_INPUT
    assert told in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert not list(runtime_dir.iterdir()), "a daemon was started"


def test_the_real_process_says_the_same(folder: Path, runtime_dir: Path) -> None:
    done = photostyle("stylize", folder / "text.png", folder / "good.png", "-o", folder / "out.png")
    assert_refused(done, exit_codes.BAD_INPUT, "text.png is not a picture", "PNG, JPEG")


def test_a_disk_that_fills_up_leaves_no_part(tiny_disk: Path, photograph_files: Files, runtime_dir: Path) -> None:
    files = photograph_files["coffee"], photograph_files["rocket"]
    done = photostyle("stylize", *files, "-o", tiny_disk / "out.png", "--no-daemon", "--method", "reinhard")
    assert_refused(done, exit_codes.BAD_INPUT, "No space left")
    assert not list(tiny_disk.iterdir())


def test_a_bug_is_one_line_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr("photostyle.transfer.make.read_inputs", break_down)
    arguments = ["stylize", str(folder / "good.png"), str(folder / "red.png"), "-o", str(folder / "out.png"), "-q"]
    assert run(arguments) == exit_codes.FAILED
    assert capsys.readouterr().err.splitlines() == [
        "error: Unexpected: ZeroDivisionError: first line. See more with: photostyle --debug …"
    ]
