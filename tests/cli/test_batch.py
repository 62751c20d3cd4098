"""The command in processes of its own: stopped and killed, and gone on with."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.cli import exit_codes
from photostyle_protocol.connection import connection_path
from support.command_line import assert_refused, photostyle, start_photostyle

SLOW = ("--method", "pitie", "--option", "iterations=50", "--threads", "1")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, photographs: Mapping[str, np.ndarray]) -> Path:
    """A folder of ten photographs, and a style beside it."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "in").mkdir()
    for number in range(10):
        crop = photographs["coffee"][10 * number :, 20 * number :]
        Image.fromarray(crop).resize((200, 134)).save(folder / "in" / f"{number}.png")
    Image.fromarray(photographs["rocket"]).resize((200, 134)).save(folder / "style.png")
    return folder


@pytest.fixture(scope="module")
def whole(pictures: Path) -> dict[str, bytes]:
    """The results of a batch that nobody disturbed."""
    out = pictures / "whole"
    done = photostyle("batch", pictures / "in", "--style", pictures / "style.png", "-o", out, "--json", *SLOW)
    assert done.returncode == 0, done.stderr
    *lines, summary = map(json.loads, done.stdout.splitlines())
    assert {line["job"] for line in lines} == {f"{number}.png" for number in range(10)}
    assert (summary["total"], summary["done"]) == (10, 10)
    return results(out)


def results(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("*.png")}


def lines_of(out: Path) -> list[dict[str, object]]:
    """Of all manifests."""
    return [json.loads(line) for path in out.glob("*.jsonl") for line in path.read_text().splitlines()]


def ended_after(pictures: Path, out: Path, count: int, how: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Run the batch until so many pictures are done, then send a signal."""
    process = start_photostyle("batch", pictures / "in", "--style", pictures / "style.png", "-o", out, *SLOW)
    assert process.stderr is not None
    assert any(line.startswith(f"{count}/") for line in process.stderr)
    process.send_signal(how)
    told, errors = process.communicate(timeout=30)
    return subprocess.CompletedProcess(process.args, process.returncode, told, errors)


def resumed(pictures: Path, out: Path, *words: str) -> list[str]:
    go_on = ("batch", pictures / "in", "--style", pictures / "style.png", "-o", out, "--resume", *SLOW, *words)
    done = photostyle(*go_on)
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_and_gone_on_with(pictures: Path, whole: dict[str, bytes], tmp_path: Path, how: signal.Signals) -> None:
    stopped = ended_after(pictures, tmp_path, 2, how)
    assert stopped.returncode == exit_codes.CANCELLED
    assert stopped.stderr.splitlines()[-1] == "error: Stopped. Go on with the same command and --resume."
    assert set(results(tmp_path)) == {line["job"] for line in lines_of(tmp_path)}
    assert not list(tmp_path.glob(".photostyle-*"))
    if how is signal.SIGINT:
        skipped = [line for line in resumed(pictures, tmp_path) if line.endswith("skipped")]
        assert len(skipped) >= 2
        assert results(tmp_path) == whole


def test_killed_and_gone_on_with_by_two(pictures: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    ended_after(pictures, tmp_path, 3, signal.SIGKILL)
    (tmp_path / ".photostyle-0123456789ab.part").touch()
    for shard in ("1/2", "2/2"):
        resumed(pictures, tmp_path, "--shard", shard)
    assert results(tmp_path) == whole
    assert sorted(str(line["job"]) for line in lines_of(tmp_path)) == sorted(whole), "none was done twice"
    assert len(list(tmp_path.glob("photostyle-batch.?-of-2.jsonl"))) == 2
    assert not list(tmp_path.glob(".photostyle-*"))


def test_some_fail(pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    words = ("batch", tmp_path / "bad.png", pictures / "in/0.png", "--style", pictures / "style.png")
    done = photostyle(*words, "-o", tmp_path / "out", "--method", "reinhard")
    assert done.returncode == exit_codes.SOME_FAILED
    assert done.stdout.startswith("2 of 2: 1 done, 1 failed, 0 skipped; ")
    assert f"failed: bad.png: {tmp_path / 'bad.png'} is not a picture" in done.stderr


def test_a_daemon_makes_the_same(
    runtime_dir: Path, pictures: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    words = ("batch", pictures / "in/*.png", "--style", pictures / "style.png", "-o", tmp_path, *SLOW[:-2], "--quiet")
    refused = photostyle(*words, "--endpoint", connection_path())
    assert_refused(refused, exit_codes.NO_DAEMON)
    photostyle("serve", "--device", "cpu")
    done = photostyle(*words, "--endpoint", connection_path())
    photostyle("stop")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert results(tmp_path) == whole


def test_what_contradicts_itself(pictures: Path, tmp_path: Path) -> None:
    words = ("batch", pictures / "in", "--style", pictures / "style.png", "-o", tmp_path)
    refused = photostyle(*words, "--endpoint", "ipc://x", "--device", "cpu")
    assert_refused(refused, exit_codes.BAD_INPUT, "--device and --endpoint contradict each other")
    assert_refused(photostyle(*words, "--threads", "2", "--shard", "9"), exit_codes.BAD_INPUT, "--shard 9")
