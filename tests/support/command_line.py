"""The real command line in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "photostyle.cli"]
Finished = subprocess.CompletedProcess[str]


def photostyle(*words: str | Path) -> Finished:
    """Run one command to its end."""
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False)


def start_photostyle(*words: str | Path) -> subprocess.Popen[str]:
    """Start one command; its stderr can be read while it runs."""
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def assert_refused(done: Finished, code: int, *words: str) -> None:
    """One line on stderr that names the trouble, and this exit status."""
    lines = [line for line in done.stderr.splitlines() if not line.endswith("…")]
    if done.returncode != code or len(lines) != 1 or not lines[0].startswith("error: "):
        pytest.fail(f"exit status {done.returncode}, expected {code}:\n{done.stderr}")
    for word in words:
        assert word in lines[0]
