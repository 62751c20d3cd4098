"""Losses stay few, with the first and the last of each."""

from __future__ import annotations

import math

import pytest

from photostyle.stylize.loss_record import MOST_CURVES, MOST_POINTS, LossRecord
from photostyle_protocol import messages as m
from photostyle_protocol.frames import encode
from photostyle_protocol.images import ImageSpec


@pytest.mark.parametrize("steps", [1, 7, MOST_POINTS, MOST_POINTS + 1, 12345])
def test_a_long_run_stays_short(steps: int) -> None:
    record = LossRecord()
    for step in range(steps):
        record.add({"total": float(steps - step), "content": 1.0})
    total, content = record.curves()
    assert (total.name, content.name) == ("total", "content")
    assert min(steps, MOST_POINTS // 2) <= len(total.values) <= MOST_POINTS + 1
    assert (total.values[0], total.values[-1]) == (steps, 1.0)
    assert list(total.seconds) == sorted(total.seconds)
    assert total.seconds[0] == 0
    gaps = {earlier - later for earlier, later in zip(total.values[:-1], total.values[1:-1], strict=False)}
    assert len(gaps) <= 1, "evenly spread"


def test_what_is_not_finite_is_left_out() -> None:
    record = LossRecord()
    for value in (2.0, math.nan, math.inf, 1.0):
        record.add({"total": value})
    assert record.curves()[0].values == (2.0, 1.0)


def test_a_loss_that_comes_later_or_only_for_a_while() -> None:
    record = LossRecord()
    record.add({"global": 3.0})
    record.add({"regional": 2.0})
    assert [(curve.name, curve.values) for curve in record.curves()] == [("global", (3.0,)), ("regional", (2.0,))]


def test_no_losses_are_no_curves() -> None:
    assert LossRecord().curves() == ()


def test_everything_fits_into_one_header() -> None:
    record = LossRecord()
    for step in range(MOST_POINTS * 3 - 1):
        record.add({f"loss {number} {'of a long name' * 9}": step / 7 for number in range(MOST_CURVES * 2)})
    result = m.Result(1, "0" * 64, ImageSpec(1, 1, 1, "uint8"), {"computing": 1.0}, record.curves(), ())
    assert len(result.losses) == MOST_CURVES
    assert encode(result)
