"""A long batch that is killed again and again, on one machine and on a Ray cluster.

Real photographs are taken from the folder that PHOTOSTYLE_PHOTOGRAPHS names; without it they are parts of those that
scikit-image carries. For the cluster the extra `ray` has to be installed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from photostyle.cli import exit_codes
from support.command_line import photostyle, start_photostyle

pytestmark = [pytest.mark.stress, pytest.mark.timeout(3600)]

COUNT = 200
KILLS = 5
BAD = {"empty.jpg": b"", "torn.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF", "words.png": b"no picture at all"}


@pytest.fixture(scope="module")
def shoot(photographs: Mapping[str, np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 photographs and three files that are none."""
    folder = tmp_path_factory.mktemp("shoot")
    given = os.environ.get("PHOTOSTYLE_PHOTOGRAPHS")
    if given:
        for path in sorted(Path(given).glob("*.jpg"))[:COUNT]:
            shutil.copy(path, folder / path.name)
    else:
        draw = random.Random(1)
        for number in range(COUNT):
            whole = photographs[draw.choice(sorted(photographs))]
            top, left = draw.randrange(whole.shape[0] // 3), draw.randrange(whole.shape[1] // 3)
            Image.fromarray(whole[top:, left:]).save(folder / f"{number}.jpg", quality=95)
    for name, content in BAD.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def style(photographs: Mapping[str, np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("style") / "rocket.png"
    Image.fromarray(photographs["rocket"]).save(path)
    return path


def results(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.suffix in (".jpg", ".png")}


def done_lines(out: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in (out / "photostyle-batch.jsonl").read_text(errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # torn by a kill
        found[entry["job"]] += entry["status"] == "done"
    return +found


def killed_while_at_work(words: tuple[str | Path, ...], draw: random.Random) -> None:
    """Start the batch, let it do some pictures, and kill it at a moment of no significance."""
    process = start_photostyle(*words)
    assert process.stderr is not None
    wanted = draw.randint(4, 30)
    for line in process.stderr:
        wanted -= ": done" in line
        if not wanted:
            break
    time.sleep(draw.uniform(0, 0.3))
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


@pytest.mark.parametrize("method", ["monge-kantorovich", "rest"])
def test_killed_five_times(shoot: Path, style: Path, tmp_path: Path, method: str) -> None:
    words = ("batch", shoot, "--style", style, "--method", method)
    whole = photostyle_for_long(*words, "-o", tmp_path / "whole")
    assert whole.returncode == exit_codes.SOME_FAILED
    undisturbed = results(tmp_path / "whole")
    assert len(undisturbed) == COUNT

    draw, out = random.Random(time.time_ns()), tmp_path / "out"
    for _ in range(KILLS):
        killed_while_at_work((*words, "-o", out, "--resume"), draw)
    done = photostyle_for_long(*words, "-o", out, "--resume")
    assert done.returncode == exit_codes.SOME_FAILED
    assert sorted(line.split(": ")[1] for line in done.stderr.splitlines() if line.startswith("failed")) == sorted(BAD)
    assert results(out) == undisturbed
    assert done_lines(out) == Counter(undisturbed.keys()), "none is done twice"
    assert not list(out.rglob(".photostyle-*"))


def photostyle_for_long(*words: str | Path) -> subprocess.CompletedProcess[str]:
    process = start_photostyle(*words)
    told, errors = process.communicate(timeout=3000)
    return subprocess.CompletedProcess(process.args, process.returncode, told, errors)


@pytest.fixture
def ray_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where Ray keeps its files; the path is short, because sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="ray-"))
    monkeypatch.setenv("RAY_TMPDIR", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.usefixtures("ray_folder")
def test_a_worker_of_a_cluster_is_killed(shoot: Path, style: Path, tmp_path: Path) -> None:
    """Two workers on this machine (which takes two cores); nothing is lost and nothing done twice."""
    pictures = sorted(shoot.glob("*.jpg"))[:40]
    words = ("batch", *pictures, "--style", style, "--method", "pitie", "--threads", "1")
    assert photostyle_for_long(*words, "-o", tmp_path / "whole").returncode == 0
    process = start_photostyle(*words, "-o", tmp_path / "out", "--ray", "local")
    assert process.stderr is not None
    assert any(line.startswith("6/") for line in process.stderr)
    workers = [child for child in psutil.Process(process.pid).children(recursive=True) if is_worker(child)]
    assert len(workers) == 2
    workers[0].kill()
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    assert results(tmp_path / "out") == results(tmp_path / "whole")
    assert done_lines(tmp_path / "out") == Counter(path.name for path in pictures)


def is_worker(process: psutil.Process) -> bool:
    try:
        return "RayWorker" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def test_an_empty_cluster_is_told(shoot: Path, style: Path, tmp_path: Path, ray_folder: Path) -> None:
    refused = photostyle("batch", shoot, "--style", style, "-o", tmp_path / "out", "--ray", "auto")
    assert refused.returncode == exit_codes.BAD_INPUT
    assert "The Ray cluster auto cannot be used" in refused.stderr
