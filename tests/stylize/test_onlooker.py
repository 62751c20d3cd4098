"""Pictures on the way are small, few, and cost little."""

from __future__ import annotations

import time

import pytest
import torch
from torch import Tensor

from photostyle.stylize.onlooker import Onlooker
from photostyle.stylize.small_picture import SIDE, small_picture
from photostyle_protocol.progress import Glimpse


@pytest.mark.parametrize(
    ("size", "expected"),
    [((300, 600), (128, 256)), ((1, 5000), (1, 256)), ((700, 3), (256, 1)), ((20, 30), (20, 30)), ((1, 1), (1, 1))],
)
def test_it_is_small(size: tuple[int, int], expected: tuple[int, int]) -> None:
    picture = small_picture(lambda: torch.full((1, 3, *size), 0.4))
    assert picture.shape == (*expected, 3)
    assert (picture == 102).all()


def test_values_that_are_no_colours_and_gradients() -> None:
    values = torch.tensor([-1.0, 0.2, 2.0, torch.nan]).reshape(1, 1, 1, 4).expand(1, 3, 1, 4)
    picture = small_picture(lambda: values.double().requires_grad_())
    assert picture[0, :, 0].tolist() == [0, 51, 255, 0]


def test_it_is_looked_now_and_then() -> None:
    made: list[float] = []

    def make() -> Tensor:
        made.append(time.perf_counter())
        return torch.zeros(1, 3, SIDE, SIDE)

    onlooker = Onlooker(wants_pictures=True)
    seen = [onlooker.see(Glimpse({"total": 1.0}, make)) for _ in range(100)]
    assert [picture is not None for picture in seen] == [True] + [False] * 99
    assert len(made) == 1
    assert len(onlooker.record.curves()[0].values) == 100


def test_a_picture_that_is_dear_is_looked_at_less_often() -> None:
    def make() -> Tensor:
        time.sleep(0.06)
        return torch.zeros(1, 3, 8, 8)

    onlooker = Onlooker(wants_pictures=True)
    assert onlooker.see(Glimpse({}, make)) is not None
    time.sleep(0.6)
    assert onlooker.see(Glimpse({}, make)) is None, "0.06 s are 5 % of 1.2 s"


def test_nobody_wants_pictures() -> None:
    def make() -> Tensor:
        raise AssertionError("nobody looks")

    onlooker = Onlooker(wants_pictures=False)
    assert onlooker.see(Glimpse({"total": 2.0}, make)) is None
    assert onlooker.record.curves()[0].values == (2.0,)
