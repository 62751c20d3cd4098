"""Tests in the real GIMP and the real Krita; what runs them is in `support.editors`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from support.asked import leave_out
from support.daemon import RunningDaemon, Start
from support.editors.backend import Stage, installed_backend, staged_daemon, warm_daemon
from support.editors.gimp import Gimp
from support.editors.krita import Krita
from support.editors.shots import make_pictures
from support.editors.tree import REQUIRED_VARIABLE, EditorTree, default_place, problem
from support.photographs import Photograph

TIMEOUT_S = 300
"""For a test of several starts on a machine where everything else runs too."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out("pictures", config, items)
    for item in items:
        if "editors" in getattr(item, "fixturenames", ()):
            item.add_marker("editors")
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(TIMEOUT_S))


@pytest.fixture(scope="session")
def editors() -> EditorTree:
    """The tree with both editors; tests are skipped, or fail where they are required, when it is not set up."""
    place = default_place()
    if why := problem(place):
        (pytest.fail if REQUIRED_VARIABLE in os.environ else pytest.skip)(why)
    return EditorTree(place)


@pytest.fixture
def gimp(editors: EditorTree, tmp_path: Path) -> Gimp:
    """GIMP with a fresh profile and the plug-in of this checkout."""
    return Gimp(editors, tmp_path)


@pytest.fixture
def krita(editors: EditorTree, tmp_path: Path) -> Krita:
    """Krita with a fresh home folder and the plug-in of this checkout."""
    return Krita(editors, tmp_path)


@pytest.fixture(scope="module")
def editor_daemon(editors: EditorTree) -> Iterator[RunningDaemon]:
    """A daemon with the real engine and a warm worker, which the plug-ins find while this module's tests run."""
    with warm_daemon() as daemon:
        yield daemon


@pytest.fixture
def stage(start: Start, tmp_path: Path) -> Iterator[Stage]:
    """A daemon whose worker plays a part, for every method: ``stage.play("steps", count=200, seconds=0.05)``."""
    with staged_daemon(start, tmp_path / "play.json") as stage:
        yield stage


@pytest.fixture
def pictures(photographs: Mapping[str, Photograph]) -> Iterator[Mapping[str, Path]]:
    """Photographs under the names that a person gives, in a folder that can be shown, and the look ``sunset``."""
    folder = Path(tempfile.gettempdir()) / "Pictures"
    folder.mkdir()
    try:
        yield make_pictures(folder, photographs)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def startable_backend(tmp_path: Path) -> Iterator[list[str]]:
    """The backend as installed and not running; `gimp` and `krita` find it in their ``config_dir`` and can start it."""
    with installed_backend(tmp_path / "config") as command:
        yield command
