"""Progress rises from 0 to 1, and a cancel gets through wherever it comes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from photostyle.methods import registry
from photostyle.stylize import strips
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import RegionPixels, StylizeTask
from photostyle_protocol.errors import JobCancelledError
from photostyle_protocol.request import Settings


def task_of(small, method: str, finish: str = "auto", strength: float = 1.0) -> StylizeTask:
    content = small["coffee"]
    left = np.zeros(content.shape[:2], np.uint8)
    left[:, :50] = 255
    regions = (RegionPixels(small["chelsea"], left), RegionPixels(small["rocket"], 255 - left))
    return StylizeTask(content, regions, None, Settings(method, strength=strength, finish=finish))


@pytest.fixture
def many_strips(monkeypatch) -> None:
    monkeypatch.setattr(strips, "STRIP_PIXELS", 1000)


@pytest.mark.parametrize("method", registry.names())
@pytest.mark.parametrize("finish", ["grid", "guided", "none"])
def test_progress_rises_from_zero_to_one(engine, small, many_strips, method: str, finish: str) -> None:
    calls: list[tuple[float, str]] = []
    stylize(task_of(small, method, finish), lambda *call: calls.append(call), engine)
    fractions = [fraction for fraction, _ in calls]
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert all(later >= earlier for earlier, later in pairwise(fractions))
    assert all(stage for _, stage in calls)
    assert len(fractions) > 8


def test_nothing_to_do_is_done_at_once(engine, small) -> None:
    calls: list[float] = []
    stylize(task_of(small, "rest", strength=0.0), lambda fraction, _stage: calls.append(fraction), engine)
    assert calls == [0.0, 1.0]


@pytest.mark.parametrize("method", registry.names())
def test_a_cancel_gets_through_wherever_it_comes(engine, small, many_strips, method: str) -> None:
    task = task_of(small, method)
    total = 0

    def count(_fraction: float, _stage: str) -> None:
        nonlocal total
        total += 1

    wanted = stylize(task, count, engine)
    for last in range(1, total + 1):
        left = last

        def cancel(_fraction: float, _stage: str) -> None:
            nonlocal left
            left -= 1
            assert left >= 0, "progress was called again after the cancel"
            if left == 0:
                raise JobCancelledError("The job was cancelled.")

        with pytest.raises(JobCancelledError):
            stylize(task, cancel, engine)
    np.testing.assert_array_equal(stylize(task, count, engine), wanted)
