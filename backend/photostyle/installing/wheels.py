"""Fetches pyzmq for other Pythons than this one, when a person asks for that; pip checks the recorded digests."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from photostyle.installing.pythons import Python
from photostyle.installing.vendoring import FOLDER, is_needed
from photostyle_plugin.vendoring import machines
from photostyle_protocol.errors import BadOptionError, JobFailedError

_PINNED = Path(__file__).with_name("wheels.txt")
_PATIENCE_S = 300
_PLATFORMS = {
    "linux-x86_64": "manylinux_2_28_x86_64",
    "linux-aarch64": "manylinux_2_28_aarch64",
    "win-amd64": "win_amd64",
    "macos-universal2": "macosx_10_15_universal2",
}
_PIP_WORDS = {"cpython-310": ("3.10", "cp310"), "abi3-312": ("3.12", "abi3")}
"""What pip calls the version and the interface of compiled modules."""


@dataclass(frozen=True)
class Wheel:
    """A wheel of pyzmq that can be had.

    Attributes:
        python: ``cpython-310``, or ``abi3-312`` for 3.12 and every later one.
        machine: As in the names of the folders under ``vendor``.
    """

    python: str
    machine: str

    @property
    def tag(self) -> str:
        """The folder under ``vendor`` that it goes to."""
        return f"{self.python}-{self.machine}"


ALL = tuple(Wheel(python, machine) for python in _PIP_WORDS for machine in _PLATFORMS)
BUNDLED_WITH_KRITA = tuple(wheel for wheel in ALL if wheel.machine != "linux-aarch64")
"""Krita's own builds are for Linux on x86_64, Windows and macOS, with Python 3.10 (5.2) or 3.13 (5.3)."""


def for_this_platform() -> tuple[Wheel, ...]:
    """The wheels for an editor's Python of which only the machine is known."""
    return tuple(wheel for wheel in ALL if wheel.machine in machines())


def wheel_for(python: Python) -> Wheel:
    """The wheel that a Python can load.

    Raises:
        BadOptionError: There is none; the bridge is the way then.
    """
    for wheel in ALL:
        if wheel.tag in python.tags:
            return wheel
    raise BadOptionError(
        f"There is no pyzmq to download for {python} here.",
        "Leave --download-wheels out: the plug-in then talks through photostyle bridge.",
    )


def download(wheel: Wheel) -> dict[str, bytes]:
    """Fetch a wheel with pip.

    Returns:
        Its files by path below the plug-in's folder.

    Raises:
        JobFailedError: pip is not here, or has not got it.
    """
    with tempfile.TemporaryDirectory(prefix="photostyle-wheels-") as folder:
        _run_pip(wheel, Path(folder))
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            wanted = [name for name in names if is_needed(PurePosixPath(name))]
            return {f"{FOLDER}/{wheel.tag}/{name}": archive.read(name) for name in wanted}


def _run_pip(wheel: Wheel, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--no-input", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation", "cp"]
    version, interface = _PIP_WORDS[wheel.python]
    command += ["--python-version", version, "--abi", interface]
    command += ["--platform", _PLATFORMS[wheel.machine], "--dest", str(folder), "--requirement", str(_PINNED)]
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S, check=True)
    except subprocess.CalledProcessError as error:
        why = (error.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"])[-1]
        raise _not_had(wheel, why) from error
    except subprocess.TimeoutExpired as error:
        raise _not_had(wheel, f"no answer for {_PATIENCE_S} s") from error


def _not_had(wheel: Wheel, why: str) -> JobFailedError:
    return JobFailedError(
        f"pyzmq for {wheel.tag} cannot be downloaded: {why}.".replace("..", "."),
        "Try again later, or leave the wheels out: the plug-in then talks through photostyle bridge.",
    )
