"""What is done to the daemon for minutes is done only when it is asked for."""

from collections.abc import Iterator

import pytest

from support.asked import leave_out
from support.daemon import RunningDaemon, daemons_in
from support.environment import new_runtime_dir


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """ "not slow" alone does not mean an hour of fuzzing."""
    leave_out("stress", config, items)


@pytest.fixture(scope="module")
def house() -> Iterator[RunningDaemon]:
    """One daemon for all tests of a module: what one does to it must not trouble the next."""
    with new_runtime_dir() as folder, daemons_in(folder) as start:
        yield start()
