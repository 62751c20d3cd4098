"""What is done to the daemon for minutes is done only when it is asked for."""

from collections.abc import Iterator

import pytest

from support.daemon import RunningDaemon, daemons_in
from support.environment import new_runtime_dir


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave `stress` out unless the person's own -m speaks of it: "not slow" alone does not mean an hour of fuzzing."""
    if "stress" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("stress")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module")
def house() -> Iterator[RunningDaemon]:
    """One daemon for all tests of a module: what one does to it must not trouble the next."""
    with new_runtime_dir() as folder, daemons_in(folder) as start:
        yield start()
