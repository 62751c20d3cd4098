"""Wheels for other Pythons: only those with a recorded digest. pip looks in a folder here, never at a network."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from photostyle.installing import wheels
from photostyle.installing.pythons import Python
from photostyle_protocol.errors import BadOptionError, JobFailedError

WHEEL = wheels.Wheel("abi3-312", "linux-x86_64")
FILE = "pyzmq-27.3.0-cp312-abi3-manylinux_2_28_x86_64.whl"


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel of the right name, and a pip that sees nothing else."""
    path = tmp_path / FILE
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("zmq/__init__.py", "")
        archive.writestr("zmq/tests/test_x.py", "")
        archive.writestr("pyzmq.libs/libzmq.so", "")
        archive.writestr("pyzmq-27.3.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pyzmq\nVersion: 27.3.0\n")
        archive.writestr("pyzmq-27.3.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: cp312-abi3-manylinux_2_28_x86_64\n")
        archive.writestr("pyzmq-27.3.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return path


def test_a_wheel_with_the_recorded_digest(offered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pinned = offered.with_name("wheels.txt")
    pinned.write_text(f"pyzmq==27.3.0 --hash=sha256:{hashlib.sha256(offered.read_bytes()).hexdigest()}\n")
    monkeypatch.setattr(wheels, "_PINNED", pinned)
    found = wheels.download(WHEEL)
    folder = "vendor/abi3-312-linux-x86_64"
    assert set(found) == {f"{folder}/zmq/__init__.py", f"{folder}/pyzmq.libs/libzmq.so"}


@pytest.mark.usefixtures("offered")
def test_a_wheel_with_another_digest_is_refused() -> None:
    with pytest.raises(JobFailedError, match=r"cannot be downloaded: .*Got"):
        wheels.download(WHEEL)


def test_a_wheel_that_is_not_to_be_had(offered: Path) -> None:
    offered.unlink()
    with pytest.raises(JobFailedError, match="bridge"):
        wheels.download(WHEEL)


@pytest.mark.parametrize(
    ("tags", "tag"),
    [
        (("cpython-310-win-amd64",), "cpython-310-win-amd64"),
        (("cpython-313-linux-x86_64", "abi3-313-linux-x86_64", "abi3-312-linux-x86_64"), "abi3-312-linux-x86_64"),
        (("cpython-312-macos-arm64", "abi3-312-macos-arm64", "abi3-312-macos-universal2"), "abi3-312-macos-universal2"),
    ],
)
def test_the_wheel_for_a_python(tags: tuple[str, ...], tag: str) -> None:
    assert wheels.wheel_for(Python("3.13.5", tags)).tag == tag


def test_no_wheel_for_a_python() -> None:
    with pytest.raises(BadOptionError, match="bridge"):
        wheels.wheel_for(Python("3.12.0", ("cpython-312-mingw_x86_64_ucrt_gnu", "abi3-312-mingw_x86_64_ucrt_gnu")))


def test_every_wheel_has_a_digest() -> None:
    pinned = Path(str(wheels.__file__)).with_name("wheels.txt").read_text()
    assert pinned.count("--hash=sha256:") == len(wheels.ALL)
