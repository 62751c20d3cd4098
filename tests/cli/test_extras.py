"""``--watch`` and ``--plot``, and what is said of a result, with and without the daemon."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError

from photostyle.cli import exit_codes
from support import own_methods
from support.command_line import assert_refused
from support.daemon import Start, environment

Files = Mapping[str, Path]
COMMAND = [sys.executable, own_methods.__file__]


@pytest.fixture(params=["daemon", "here"])
def words(request: pytest.FixtureRequest, start: Start) -> list[str]:
    """What lets the command go through a daemon whose worker knows the methods of the tests, or not."""
    if request.param == "here":
        return ["--no-daemon"]
    start(device="cpu", worker_command=[*COMMAND, "worker"]).wait_for_worker()
    return []


@pytest.fixture
def files(photograph_files: Files) -> list[Path]:
    return [photograph_files["coffee"], photograph_files["rocket"]]


def begin(*words: str | Path) -> subprocess.Popen[str]:
    command = [*COMMAND, "cli", "stylize", *map(str, words)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True, env=environment())


def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, errors = process.communicate(timeout=100)
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


def test_a_picture_that_forms_is_whole_at_every_moment(tmp_path: Path, files: list[Path], words: list[str]) -> None:
    watch, out = tmp_path / "watch.png", tmp_path / "o.png"
    steps = ["--option", "steps=60", "--option", "seconds=0.03"]
    process = begin(*files, "-o", out, "--watch", watch, "--method", "developing", *steps, *words)
    seen: list[np.ndarray] = []
    while process.poll() is None:
        try:
            with Image.open(watch) as image:
                seen.append(np.asarray(image.convert("RGB")))
        except FileNotFoundError:
            continue
        except UnidentifiedImageError:
            pytest.fail("half a picture")
    done = finished(process)
    assert done.returncode == 0, done.stderr
    assert seen[-1].shape == (171, 256, 3)
    different = {picture.tobytes() for picture in seen}
    assert len(different) >= 2
    assert seen[-1].std() < seen[0].std(), "it fades"
    assert "note" not in done.stderr
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["o.png", "watch.png"]


def test_losses_are_plotted(tmp_path: Path, files: list[Path], words: list[str]) -> None:
    plot = tmp_path / "losses.png"
    done = finished(begin(*files, "-o", tmp_path / "o.png", "--plot", plot, "--method", "developing", *words))
    assert done.returncode == 0, done.stderr
    with Image.open(plot) as image:
        assert image.size == (1350, 975)
        assert np.asarray(image).std() > 5


def test_a_method_without_steps_shows_nothing_and_says_so(tmp_path: Path, files: list[Path], words: list[str]) -> None:
    watch, plot = tmp_path / "w.png", tmp_path / "p.png"
    asked = ["-o", tmp_path / "o.png", "--watch", watch, "--plot", plot, "--method", "reinhard"]
    done = finished(begin(*files, *asked, *words))
    assert done.returncode == 0
    assert f"note: {watch} was not written: reinhard has no picture to show on its way." in done.stderr
    assert f"note: {plot} was not written: reinhard lowers no loss in steps." in done.stderr
    assert not watch.exists()
    assert not plot.exists()


def test_memory_that_ran_out_is_told(tmp_path: Path, files: list[Path], words: list[str]) -> None:
    done = finished(begin(*files, "-o", tmp_path / "o.png", "--method", "hungry", *words))
    assert done.returncode == 0, done.stderr
    assert "note: Memory was not enough; the look was computed on a smaller copy of 300 × 200 pixels." in done.stderr
    done = finished(begin(*files, "-o", tmp_path / "p.png", "--method", "hungry", "--option", "times=900", *words))
    assert_refused(done, exit_codes.FAILED, "not even on a copy of 150 × 100 pixels", "GiB")
    assert not (tmp_path / "p.png").exists()


@pytest.mark.parametrize("option", ["--watch", "--plot"])
def test_where_it_cannot_go_is_said_before_the_work(tmp_path: Path, files: list[Path], option: str) -> None:
    for wrong, word in ((tmp_path / "no" / "x.png", "cannot be written to"), (files[0], "one of the input pictures")):
        done = finished(begin(*files, "-o", tmp_path / "o.png", option, wrong, "--no-daemon"))
        assert_refused(done, exit_codes.BAD_INPUT, word)
    assert not (tmp_path / "o.png").exists()
