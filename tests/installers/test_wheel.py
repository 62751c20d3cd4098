"""What is built for distribution holds all of the product and nothing else, and works from there."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from support.imports import REPOSITORY

PACKAGES = {"photostyle": "backend", "photostyle_protocol": "shared", "photostyle_plugin": "plugin"}
INSTALLED = "photostyle/installing"
BROUGHT = {"plugins/gimp": "plugin/gimp", "plugins/krita": "plugin/krita", "services": "installers/services"}
"""What `photostyle install` puts in place: where it is in the wheel, and where in the checkout."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, timeout=100)
    return folder


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    return folder


def files_below(root: Path, package: str) -> set[str]:
    found = (path for path in (root / package).rglob("*") if path.is_file())
    return {str(path.relative_to(root)) for path in found if "__pycache__" not in path.parts}


@pytest.mark.parametrize("package", PACKAGES)
def test_wheel_holds_the_package(unpacked: Path, package: str) -> None:
    expected = files_below(REPOSITORY / PACKAGES[package], package)
    assert f"{package}/__init__.py" in expected
    found = files_below(unpacked, package)
    assert {name for name in found if not name.startswith(brought())} == expected


def brought() -> tuple[str, ...]:
    return tuple(f"{INSTALLED}/{folder}/" for folder in BROUGHT)


@pytest.mark.parametrize("folder", BROUGHT)
def test_wheel_brings_what_is_installed_into_editors(unpacked: Path, folder: str) -> None:
    expected = files_below(REPOSITORY / BROUGHT[folder], ".")
    assert expected
    assert files_below(unpacked / INSTALLED / folder, ".") == expected


def test_wheel_holds_nothing_else(unpacked: Path) -> None:
    info = next(unpacked.glob("*.dist-info"))
    assert {path.name for path in unpacked.iterdir()} == {*PACKAGES, info.name}
    assert "MIT" in (info / "licenses" / "LICENSE").read_text()
    assert "photostyle = photostyle.cli:main" in (info / "entry_points.txt").read_text()


def test_wheel_is_small(built: Path) -> None:
    assert next(built.glob("*.whl")).stat().st_size < 4 << 20


def test_wheel_works_from_where_it_is(unpacked: Path) -> None:
    command = [sys.executable, "-m", "photostyle.cli", "methods"]
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert "rest" in done.stdout


def test_wheel_installs_the_plug_ins(unpacked: Path, tmp_path: Path) -> None:
    """From the wheel alone, without the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1", "HOME": str(tmp_path)}
    environment["PHOTOSTYLE_CONFIG_DIR"] = str(tmp_path / "config")
    command = [sys.executable, "-m", "photostyle.cli", "install"]
    for words in (
        ["gimp", "--dest", str(tmp_path / "3.0")],
        ["krita", "--zip", str(tmp_path / "a.zip"), "--no-wheels"],
    ):
        done = subprocess.run(
            [*command, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 0, done.stderr
    assert os.access(tmp_path / "3.0/plug-ins/photorealistic-style/photorealistic-style.py", os.X_OK)
    assert zipfile.is_zipfile(tmp_path / "a.zip")


def test_source_distribution_is_whole(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = ("pyproject.toml", "LICENSE", "README.md", "installers/test", "tests/conftest.py", ".ci/run")
    assert names >= {*wanted, "backend/photostyle/py.typed", "shared/photostyle_protocol/py.typed"}
    assert not [name for name in names if name.startswith((".venv", "out/"))]
