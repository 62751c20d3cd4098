"""Tests marked `torchvision` are skipped where it cannot be imported beside the installed torch."""

from __future__ import annotations

import functools
import subprocess
import sys

import pytest


@functools.cache
def torchvision_problem() -> str:
    """Why torchvision cannot be imported, empty if it can.

    Asked in a process of its own: a torchvision that does not match fails in the middle of registering its
    operators, and leaves the process it was imported in half changed.
    """
    command = [sys.executable, "-c", "import torchvision.models"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
    return lines[-1] if done.returncode else ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("torchvision") and (problem := torchvision_problem()):
        pytest.skip(f"torchvision cannot be imported beside this torch: {problem}")
