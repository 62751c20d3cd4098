"""``photostyle evaluate`` in processes of its own: killed, cancelled, misused, and gone on with."""

from __future__ import annotations

import csv
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.cli import exit_codes
from photostyle.cli.app import run
from support.command_line import photostyle, start_photostyle
from support.photographs import Photograph
from support.waiting import wait_for

CHOICES = ("--methods", "reinhard,pitie:iterations=20", "--measures", "ssim,delta-e", "--strengths", "0.5,1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, photographs: Mapping[str, Photograph]) -> Path:
    """Twelve photographs."""
    made = tmp_path_factory.mktemp("photographs")
    for number, (name, turns) in enumerate((name, turns) for name in photographs for turns in range(3)):
        Image.fromarray(np.rot90(photographs[name], turns)[::3, ::3]).save(made / f"{number}.png")
    return made


def without_seconds(out: Path) -> list[list[str]]:
    with (out / "results.csv").open(encoding="utf-8") as file:
        return [[line["case"], line["method"], line["strength"], line["ssim"]] for line in csv.DictReader(file)]


def start_and_wait(folder: Path, out: Path, lines: int) -> subprocess.Popen[str]:
    """A process that has judged something, and has more to do."""
    process = start_photostyle("evaluate", "graded", folder, "-o", out, *CHOICES)
    results = out / "results.csv"
    wait_for(lambda: results.exists() and len(results.read_text().splitlines()) > lines, 60, "lines of results")
    return process


@pytest.mark.slow
def test_a_killed_run_is_gone_on_with(folder: Path, tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = start_and_wait(folder, killed, 7)
    process.kill()
    process.communicate()
    left = (killed / "results.csv").read_text()
    assert not (killed / "table.md").exists()
    (killed / "results.csv").write_text(left[:-7], encoding="utf-8")  # as if it had been killed while it wrote

    assert photostyle("evaluate", "graded", folder, "-o", killed, *CHOICES).returncode == 0
    assert photostyle("evaluate", "graded", folder, "-o", whole, *CHOICES).returncode == 0
    assert sorted(without_seconds(killed)) == sorted(without_seconds(whole))
    assert (killed / "results.csv").read_text().startswith(left[: left[:-7].rfind("\n0,")])
    pictures = [sorted(p.relative_to(out) for p in out.rglob("*.png")) for out in (killed, whole)]
    assert pictures[0] == pictures[1]


def test_ctrl_c_ends_it_cleanly(folder: Path, tmp_path: Path) -> None:
    process = start_and_wait(folder, tmp_path / "out", 3)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == exit_codes.CANCELLED
    assert told.splitlines()[-1] == "Cancelled."
    assert "Traceback" not in told
    assert not [path for path in (tmp_path / "out").rglob("*") if "part" in path.name]


def test_speed_in_ratios(tmp_path: Path) -> None:
    words = ("--methods", "reinhard,monge-kantorovich", "--sizes", "64,96x48", "--repeats", "2", "--device", "cpu")
    done = photostyle("evaluate", "speed", "-o", tmp_path / "out", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (tmp_path / "out" / "table.md").read_text(encoding="utf-8").strip()
    with (tmp_path / "out" / "speed.csv").open() as file:
        runs = list(csv.DictReader(file))
    assert len(runs) == 2 * 2 * 2
    least = {
        method: min(float(r["seconds"]) for r in runs if (r["method"], r["width"]) == (method, "96"))
        for method in ("reinhard", "monge-kantorovich")
    }
    row = next(line for line in done.stdout.splitlines() if line.startswith("| reinhard | wall"))
    ratio = least["reinhard"] / least["monge-kantorovich"]
    assert row.split(" | ")[-1] == f"{least['reinhard']:.3f} ({ratio:.2f}) |"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["pairs", "{here}/nothing", "-o", "{here}/o"], "no folder"),
        (["self", "{here}", "-o", "{here}/o"], "no pictures"),
        (["self", "{photos}", "-o", "{here}/o", "--methods", "crayon"], "crayon"),
        (["self", "{photos}", "-o", "{here}/o", "--methods", "rest:residual=9"], "residual"),
        (["self", "{photos}", "-o", "{here}/o", "--methods", "rest:residual"], "no value"),
        (["self", "{photos}", "-o", "{here}/o", "--methods", "rest@varnish"], "varnish"),
        (["self", "{photos}", "-o", "{here}/o", "--methods", "rest/some"], "some"),
        (["self", "{photos}", "-o", "{here}/o", "--methods", "rest,rest"], "one column"),
        (["self", "{photos}", "-o", "{here}/o", "--measures", "beauty"], "beauty"),
        (["graded", "{photos}", "-o", "{here}/o", "--strengths", "0.5,2"], "strength 2"),
        (["graded", "{photos}", "-o", "{here}/o", "--strengths", ","], "No strength"),
        (["pairs", "{photos}", "-o", "{here}/o"], "no folder"),
        (["pairs", "{pairs}", "-o", "{here}/o", "--results", "theirs"], "--results theirs"),
        (["pairs", "{pairs}", "-o", "{here}/o", "--results", "theirs={here}/nothing"], "no folder"),
        (["pairs", "{pairs}", "-o", "{here}/o", "--network", "alexnet"], "alexnet"),
        (["pairs", "{pairs}", "-o", "{here}/o", "--network", "squeezenet"], "squeezenet"),
        (["pairs", "{pairs}", "-o", "{pairs}/content/0.png"], "0.png"),
        (["speed", "-o", "{here}/o", "--sizes", "big"], "size big"),
        (["speed", "-o", "{here}/o", "--reference", "pitie"], "pitie"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    words: list[str], told: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = tmp_path / "pairs"
    for kind in ("content", "style"):
        (pairs / kind).mkdir(parents=True)
        (pairs / kind / "0.png").write_bytes((folder / "0.png").read_bytes())
    places = {"here": tmp_path, "photos": folder, "pairs": pairs}
    assert run(["evaluate", *(word.format(**places) for word in words)]) == exit_codes.BAD_INPUT
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert told in line
    assert not (tmp_path / "o" / "results.csv").exists()
