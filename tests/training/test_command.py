"""``photostyle train rest``, as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from photostyle.cli import exit_codes
from support.command_line import assert_refused, photostyle


@pytest.fixture
def small(photograph_folder: Path, teacher_weights: Path, tmp_path: Path) -> list[str | Path]:
    options = ["--teacher", "distilled-vgg", "--teacher-weights", teacher_weights]
    sizes = ["--iterations", "4", "--batch", "2", "--crop", "32", "--every", "2"]
    return ["train", "rest", photograph_folder, "-o", tmp_path / "run", *options, *sizes]


def test_a_model_is_trained_goes_on_and_is_used(
    small: list[str | Path], tmp_path: Path, photograph_files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for done in (photostyle(*small), photostyle(*small)):
        assert done.returncode == exit_codes.OK, done.stderr
        assert "The model is" in done.stdout
    assert (tmp_path / "run" / "sheet-000004.png").exists()
    pair = photograph_files["coffee"], photograph_files["rocket"]
    shipped = photostyle("stylize", "--no-daemon", *pair, "-o", tmp_path / "shipped.png")
    monkeypatch.setenv("PHOTOSTYLE_MODELS", str(tmp_path / "run"))
    own = photostyle("stylize", "--no-daemon", *pair, "-o", tmp_path / "own.png")
    assert (shipped.returncode, own.returncode) == (exit_codes.OK, exit_codes.OK), shipped.stderr + own.stderr
    assert (tmp_path / "shipped.png").read_bytes() != (tmp_path / "own.png").read_bytes()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (["--teacher", "resnet"], "Choose from: vgg19, squeezenet, distilled-vgg"),
        (["--teacher-weights", "nowhere.safetensors"], "no weights file"),
        (["--form", "other"], "Choose from: skip, paper"),
        (["--crop", "30000"], "fewer than two photographs"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_one_line(
    small: list[str | Path], change: list[str], sentence: str
) -> None:
    assert_refused(photostyle(*small, *change), exit_codes.BAD_INPUT, sentence)
