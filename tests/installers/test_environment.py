"""The installers' shell: which Python is taken, and the sentence when none will do. No network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.imports import REPOSITORY

INSTALLERS = REPOSITORY / "installers"
TOOLS = ("dirname", "cksum", "date", "tail", "cut", "cat", "rm", "sh", "sleep")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder for PATH with the usual small tools and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        path = subprocess.run(["which", tool], check=True, capture_output=True, text=True).stdout.strip()
        (folder / tool).symlink_to(path)
    return folder


def add_python(folder: Path, name: str, answer: str) -> Path:
    program = folder / name
    program.write_text(f"#!{sys.executable}\n{answer}\n")
    program.chmod(0o755)
    return program


def find_python(path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    script = f'. "{INSTALLERS}/environment.sh"; find_python; echo "found $python"'
    return subprocess.run(
        ["/bin/sh", "-c", script, str(INSTALLERS / "demo")],
        env={"PATH": str(path), **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


OLD = "raise SystemExit(1)"
WITHOUT_VENV = "import sys; sys.exit('ensurepip' in sys.argv[2])"
GOOD = ""


def test_no_python(bare: Path) -> None:
    done = find_python(bare)
    assert done.returncode == 1
    assert done.stderr.startswith("error: no Python 3.11 or later was found.")


def test_an_old_python_is_passed_over(bare: Path) -> None:
    add_python(bare, "python3", OLD)
    add_python(bare, "python3.12", GOOD)
    assert find_python(bare).stdout == "found python3.12\n"


def test_a_python_without_venv_is_passed_over(bare: Path) -> None:
    add_python(bare, "python3", WITHOUT_VENV)
    add_python(bare, "python3.11", GOOD)
    assert find_python(bare).stdout == "found python3.11\n"


def test_only_a_python_without_venv(bare: Path) -> None:
    add_python(bare, "python3", WITHOUT_VENV)
    assert "error: python3 has no venv module" in find_python(bare).stderr


def test_the_named_python_is_taken(bare: Path) -> None:
    add_python(bare, "python3", GOOD)
    named = add_python(bare, "mine", GOOD)
    assert find_python(bare, PYTHON=str(named)).stdout == f"found {named}\n"


def test_the_named_python_does_not_suit(bare: Path) -> None:
    add_python(bare, "python3", GOOD)
    done = find_python(bare, PYTHON="absent")
    assert done.returncode == 1
    assert "PYTHON is absent, which is not a Python 3.11 or later" in done.stderr


def checkout(folder: Path) -> Path:
    """A checkout of a package that needs nothing, so that it installs without a network."""
    copy = folder / "a checkout"
    (copy / "installers").mkdir(parents=True)
    for name in ("environment.sh", "demo"):
        (copy / "installers" / name).write_bytes((INSTALLERS / name).read_bytes())
    (copy / "installers" / "demo.py").write_text(
        "import os; print('installed in', os.environ['PHOTOSTYLE_INSTALL_SECONDS'])\n"
    )
    (copy / "backend.py").write_text(BUILD_BACKEND)
    (copy / "pyproject.toml").write_text(PROJECT)
    return copy


DEMO = "import os\nprint('installed in', os.environ['PHOTOSTYLE_INSTALL_SECONDS'])\n"

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "empty"
version = "1"
optional-dependencies.demo = []
"""

BUILD_BACKEND = """
import os, sys, zipfile
METADATA = "Metadata-Version: 2.1\\nName: empty\\nVersion: 1\\nProvides-Extra: demo\\n"
WHEEL = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
def build_editable(folder, config_settings=None, metadata_directory=None):
    if os.environ.get("BREAK"):
        sys.exit("the network is down")
    name = "empty-1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("empty-1.dist-info/METADATA", METADATA)
        wheel.writestr("empty-1.dist-info/WHEEL", WHEEL)
        wheel.writestr("empty-1.dist-info/RECORD", "")
    return name
"""


def demo(copy: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHON": sys.executable, "PIP_NO_INDEX": "1", **variables}
    command = ["/bin/sh", str(copy / "installers" / "demo")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.slow
def test_installs_once_and_recovers(tmp_path: Path) -> None:
    copy = checkout(tmp_path)
    broken = demo(copy, BREAK="1")
    assert broken.returncode == 1
    assert "the network is down" in broken.stderr
    assert "error: installing failed." in broken.stderr

    first = demo(copy)
    assert first.returncode == 0, first.stderr
    assert "did not finish; starting it afresh" in first.stdout
    assert first.stdout.splitlines()[-1].startswith("installed in ")

    again = demo(copy)
    assert again.stdout.startswith("installed in ")

    (copy / "pyproject.toml").write_text(PROJECT + "# changed\n")
    changed = demo(copy)
    assert "Installing what Photostyle needs" in changed.stdout
    assert "Making a virtual environment" not in changed.stdout
