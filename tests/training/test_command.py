"""``photostyle train``, as a person types it."""

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


def test_a_style_is_trained_and_used_without_a_photograph_of_it(
    small: list[str | Path], tmp_path: Path, photograph_files: dict[str, Path]
) -> None:
    folder, *rest = small[2:]
    asked = ("train", "johnson", "--style", photograph_files["rocket"], "--photos", folder, *rest)
    trained = photostyle(*asked)
    assert trained.returncode == exit_codes.OK, trained.stderr
    style = tmp_path / "run" / "style.safetensors"
    assert f"--method johnson --model {style}" in trained.stdout
    words = ("stylize", "--no-daemon", photograph_files["chelsea"], "--method", "johnson")
    done = photostyle(*words, "--model", style, "-o", tmp_path / "own.png")
    assert done.returncode == exit_codes.OK, done.stderr
    assert (tmp_path / "own.png").exists()
    assert_refused(photostyle(*words, "-o", tmp_path / "o.png"), exit_codes.BAD_INPUT, "No style is given")


@pytest.mark.parametrize("stage", ["look", "correspondence", "features"])
def test_the_other_networks_are_trained_too(small: list[str | Path], tmp_path: Path, stage: str) -> None:
    done = photostyle("train", stage, *small[2:])
    assert done.returncode == exit_codes.OK, done.stderr
    assert (tmp_path / "run" / "sheet-000004.png").exists()


def test_the_stylizer_that_restylizes_is_trained_over_the_embedded_network(
    small: list[str | Path], tmp_path: Path
) -> None:
    sizes = small[small.index("--iterations") :]
    asked = ("train", "restyle", small[2], "-o", tmp_path / "run", "--no-restyling", "--no-scp", *sizes)
    done = photostyle(*asked)
    assert done.returncode == exit_codes.OK, done.stderr
    assert "embedded network" in done.stdout
    assert (tmp_path / "run" / "restyle.safetensors").exists()
    refused = photostyle(*asked, "--aggregation", "other")
    assert_refused(refused, exit_codes.BAD_INPUT, "Choose from: moments, printed")


def test_a_look_needs_a_first_stage(small: list[str | Path], tmp_path: Path) -> None:
    asked = ("train", "look", *small[2:], "--start", tmp_path)
    assert_refused(photostyle(*asked), exit_codes.BAD_INPUT, "There is no rest.safetensors")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (["--teacher", "resnet"], "Choose from: auto, vgg19, vgg16, squeezenet"),
        (["--teacher-weights", "nowhere.safetensors"], "no weights file"),
        (["--form", "other"], "Choose from: skip, paper"),
        (["--crop", "40"], "multiple of 16"),
        (["--crop", "32000"], "fewer than two photographs"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_one_line(
    small: list[str | Path], change: list[str], sentence: str
) -> None:
    assert_refused(photostyle(*small, *change), exit_codes.BAD_INPUT, sentence)
