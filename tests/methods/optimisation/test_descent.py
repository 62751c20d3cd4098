"""Descent: both optimisers arrive, keep the best, and stop when they are told to or lost."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.methods.optimisation.descent import OPTIMIZERS, descend

START = torch.full((1, 3, 12, 16), 0.5)
GOAL = torch.rand(1, 3, 12, 16, generator=torch.Generator().manual_seed(0))


def to_goal(picture: Tensor) -> dict[str, Tensor]:
    return {"total": (picture - GOAL).square().mean()}


def ignored(_losses: dict[str, float], _seen: object) -> None:
    pass


def same(picture: Tensor) -> Tensor:
    return picture


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_arrives(optimizer: str) -> None:
    found = descend(to_goal, START, same, optimizer, 60, ignored)
    assert (found - GOAL).abs().mean() < 0.02
    assert not found.requires_grad


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_goes_through_what_the_objective_sees(optimizer: str) -> None:
    found = descend(to_goal, START, lambda p: p.mean(1, keepdim=True).expand_as(p), optimizer, 60, ignored)
    assert torch.equal(found[:, 0], found[:, 2])
    assert (found[:, :1] - GOAL.mean(1, keepdim=True)).abs().mean() < 0.02


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_step_is_reported_and_the_best_is_kept(optimizer: str) -> None:
    told: list[float] = []
    found = descend(to_goal, START, same, optimizer, 15, lambda losses, _: told.append(losses["total"]))
    assert 1 < len(told) <= 16
    assert to_goal(found)["total"].item() == pytest.approx(min(told))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_losses_that_are_no_numbers_leave_the_best_so_far(optimizer: str) -> None:
    count = 0

    def breaking(picture: Tensor) -> dict[str, Tensor]:
        nonlocal count
        count += 1
        return {"total": to_goal(picture)["total"] * (float("nan") if count > 3 else 1.0)}

    told: list[float] = []
    found = descend(breaking, START, same, optimizer, 20, lambda losses, _: told.append(losses["total"]))
    assert count == 4
    assert to_goal(found)["total"].item() == pytest.approx(min(told))


def test_where_nothing_is_a_number_the_start_comes_back() -> None:
    found = descend(lambda p: {"total": p.sum() * float("nan")}, START, same, "lbfgs", 5, ignored)
    assert torch.equal(found, START)


def test_where_there_is_nothing_to_gain_it_ends() -> None:
    told: list[float] = []
    found = descend(to_goal, GOAL, same, "lbfgs", 50, lambda losses, _: told.append(losses["total"]))
    assert len(told) == 1
    assert torch.equal(found, GOAL)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_whoever_is_told_can_stop_it(optimizer: str) -> None:
    told: list[float] = []

    def enough(losses: dict[str, float], _seen: object) -> None:
        told.append(losses["total"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        descend(to_goal, START, same, optimizer, 50, enough)
    assert len(told) == 1
