"""Tests that are run only by name."""

from __future__ import annotations

import pytest


def leave_out(marker: str, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests with a marker unless the person's own ``-m`` speaks of it."""
    if marker in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker(marker)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
