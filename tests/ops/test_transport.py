"""Transport that may leave masses alone, against what theory says of its ends."""

from __future__ import annotations

import torch

from photostyle.ops.transport import unbalanced_transport

SUPPLY, DEMAND = torch.tensor([0.2, 0.5, 0.3]), torch.tensor([0.6, 0.4])
COST = torch.tensor([[0.0, 4.0], [4.0, 0.0], [1.0, 1.0]])


def test_without_differences_each_gets_its_part() -> None:
    plan = unbalanced_transport(torch.zeros(3, 2), SUPPLY, DEMAND, blur=0.2, rigidity=0.5)
    torch.testing.assert_close(plan, SUPPLY[:, None] * DEMAND)


def test_a_rigid_one_moves_everything() -> None:
    plan = unbalanced_transport(COST, SUPPLY, DEMAND, blur=0.5, rigidity=1e4)
    torch.testing.assert_close(plan.sum(1), SUPPLY, atol=2e-3, rtol=0)
    torch.testing.assert_close(plan.sum(0), DEMAND, atol=2e-3, rtol=0)


def test_what_is_far_from_everything_is_left_alone() -> None:
    cost = torch.tensor([[0.0, 9.0], [9.0, 9.0], [9.0, 0.0]])
    plan = unbalanced_transport(cost, SUPPLY, DEMAND, blur=0.2, rigidity=0.5)
    assert plan[1].sum() < 0.01 * plan[0].sum()
    assert plan[0, 0] > 100 * plan[0, 1]
