"""The environment of a test session: apart from the person's own daemon, and gentle on small machines."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SESSION_VARIABLE = "PHOTOSTYLE_TEST_SESSION"
"""Every process that a test starts inherits it, so that a detached one can still be found."""

_given: set[Path] = set()
_GENTLE = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


def session_root() -> Path:
    """The folder that holds the runtime directories of this test session.

    Its path is short, because a socket's path has about 100 bytes.
    """
    return Path(os.environ[SESSION_VARIABLE])


def runtime_dirs() -> set[Path]:
    """Every runtime directory that this session has given out, those that are gone included."""
    return {session_root() / "run", *_given}


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    for name, value in _GENTLE.items():
        os.environ.setdefault(name, value)
    root = Path(tempfile.mkdtemp(prefix="pst-"))
    (root / "run").mkdir(mode=0o700)
    os.environ[SESSION_VARIABLE] = str(root)
    os.environ["PHOTOSTYLE_DISK"] = str(root / "disk")
    os.environ["PHOTOSTYLE_RUNTIME_DIR"] = str(root / "run")
    os.environ["PHOTOSTYLE_WEIGHTS"] = str(root / "weights")  # whatever the person has fetched


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    shutil.rmtree(session_root(), ignore_errors=True)


@contextmanager
def new_runtime_dir() -> Iterator[Path]:
    """A runtime directory that everything started meanwhile meets in; removed at the end."""
    folder = session_root() / f"r{len(_given)}"
    folder.mkdir(mode=0o700)
    _given.add(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHOTOSTYLE_RUNTIME_DIR", str(folder))
        yield folder
    shutil.rmtree(folder)


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    """A runtime directory of the test's own; daemons and clients that it starts meet there."""
    with new_runtime_dir() as folder:
        yield folder
