"""Progress rises from 0 to 1, and a cancel gets through wherever it comes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest

from photostyle.methods import registry
from photostyle.stylize import strips
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.small_picture import small_picture
from photostyle.stylize.task import RegionPixels, StylizeTask
from photostyle_protocol.errors import JobCancelledError
from photostyle_protocol.progress import Glimpse
from photostyle_protocol.request import Scalar, Settings
from support.methods import Developing, add_method
from support.networks import QuickOptions

_CANCELS = 25
"""At so many points of a job that reports hundreds of times."""


def task_of(
    small, method: str, finish: str = "auto", strength: float = 1.0, options: Mapping[str, Scalar] | None = None
) -> StylizeTask:
    content = small["coffee"]
    left = np.zeros(content.shape[:2], np.uint8)
    left[:, :50] = 255
    regions = (RegionPixels(small["chelsea"], left), RegionPixels(small["rocket"], 255 - left))
    return StylizeTask(
        content, regions, None, Settings(method, strength=strength, finish=finish, options=options or {})
    )


@pytest.fixture
def many_strips(monkeypatch) -> None:
    monkeypatch.setattr(strips, "STRIP_PIXELS", 1000)


@pytest.mark.parametrize("method", registry.names())
@pytest.mark.parametrize("finish", ["grid", "guided", "none"])
@pytest.mark.usefixtures("many_strips")
def test_progress_rises_from_zero_to_one(engine, small, quick_options: QuickOptions, method: str, finish: str) -> None:
    calls: list[tuple[float, str]] = []
    stylize(
        task_of(small, method, finish, options=quick_options(method)),
        lambda fraction, stage, _glimpse=None: calls.append((fraction, stage)),
        engine,
    )
    fractions = [fraction for fraction, _ in calls]
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert all(later >= earlier for earlier, later in pairwise(fractions))
    assert all(stage for _, stage in calls)
    assert len(fractions) > 8


def test_nothing_to_do_is_done_at_once(engine, small) -> None:
    calls: list[float] = []
    stylize(
        task_of(small, "rest", strength=0.0), lambda fraction, _stage, _glimpse=None: calls.append(fraction), engine
    )
    assert calls == [0.0, 1.0]


def test_what_a_method_shows_gets_through(engine, small, monkeypatch) -> None:
    add_method(monkeypatch, Developing)
    shown: list[Glimpse] = []
    stylize(
        task_of(small, "developing"),
        lambda _fraction, _stage, glimpse=None: shown.append(glimpse) if glimpse else None,
        engine,
    )
    assert [glimpse.losses["total"] for glimpse in shown] == [0.75, 0.5, 0.25, 0.0]
    assert all(glimpse.picture().shape == (1, 3, *small["coffee"].shape[:2]) for glimpse in shown)


def test_what_a_method_shows_looks_like_the_result(engine, small, monkeypatch) -> None:
    add_method(monkeypatch, Developing)
    content = np.dstack([small["coffee"], np.full(small["coffee"].shape[:2], 51, np.uint8)])
    mask = np.zeros(content.shape[:2], np.uint8)
    mask[:, 50:] = 255
    task = StylizeTask(content, (RegionPixels(small["rocket"]),), mask, Settings("developing", strength=0.5))
    shown: list[np.ndarray] = []

    def look(_fraction: float, _stage: str, glimpse: Glimpse | None = None) -> None:
        if glimpse is not None:
            shown.append(small_picture(glimpse.picture))

    result = stylize(task, look, engine)
    assert np.abs(shown[-1].astype(int) - result).max() <= 1
    np.testing.assert_array_equal(shown[0][:, :50], content[:, :50])
    assert (shown[0][:, 51:, :3] != content[:, 51:, :3]).mean() > 0.5


@pytest.mark.parametrize("method", registry.names())
def test_a_cancel_gets_through_wherever_it_comes(
    engine, small, many_strips, quick_options: QuickOptions, method: str
) -> None:
    task = task_of(small, method, options=quick_options(method))
    total = 0

    def count(_fraction: float, _stage: str, _glimpse: Glimpse | None = None) -> None:
        nonlocal total
        total += 1

    wanted = stylize(task, count, engine)
    for last in range(1, total + 1, max(1, total // _CANCELS)):
        left = last

        def cancel(_fraction: float, _stage: str, _glimpse: Glimpse | None = None) -> None:
            nonlocal left
            left -= 1
            assert left >= 0, "progress was called again after the cancel"
            if left == 0:
                raise JobCancelledError("The job was cancelled.")

        engine.release()  # or a look that is known again would be put on at once
        with pytest.raises(JobCancelledError):
            stylize(task, cancel, engine)
    np.testing.assert_array_equal(stylize(task, count, engine), wanted)
