"""Ctrl-C: the job ends wherever it runs, and nothing is left of it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.cli import exit_codes
from photostyle_protocol.client import Client
from support.command_line import Finished, photostyle, start_photostyle


@pytest.fixture(scope="module")
def long_job(tmp_path_factory: pytest.TempPathFactory, photographs: Mapping[str, np.ndarray]) -> list[str | Path]:
    """A job that takes many seconds wherever it runs."""
    folder = tmp_path_factory.mktemp("long")
    large = Image.fromarray(photographs["astronaut"]).resize((1600, 1600))
    large.save(folder / "large.png", compress_level=1)
    style = folder / "style.png"
    Image.fromarray(photographs["rocket"]).save(style)
    words = ["--method", "pitie", "--option", "iterations=100", "--finish", "none"]
    return [folder / "large.png", style, *words]


def interrupted(process: subprocess.Popen[str], stage: str) -> Finished:
    """Press Ctrl-C when this stage is shown."""
    assert process.stderr is not None
    assert any(line.startswith(stage) for line in process.stderr)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def test_ctrl_c_cancels_in_the_daemon_too(runtime_dir: Path, tmp_path: Path, long_job: list[str | Path]) -> None:
    photostyle("serve", "--device", "cpu")
    with Client.connect() as client:
        process = start_photostyle("stylize", *long_job, "-o", tmp_path / "o.png")
        done = interrupted(process, "distribution transfer")
        assert done.returncode == exit_codes.CANCELLED
        assert done.stderr.splitlines()[-1] == "Cancelled."
        assert "Traceback" not in done.stderr
        jobs = client.status()["jobs"]
        assert (jobs["cancelled"], jobs["running"]) == (1, 0)
    photostyle("stop")
    assert not list(tmp_path.iterdir())


def test_ctrl_c_without_a_daemon(tmp_path: Path, long_job: list[str | Path]) -> None:
    process = start_photostyle("stylize", *long_job, "-o", tmp_path / "o.png", "--no-daemon")
    assert interrupted(process, "distribution transfer").returncode == exit_codes.CANCELLED
    assert not list(tmp_path.iterdir())
