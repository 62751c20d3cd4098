"""Small tensors come to the CPU together and unchanged, and exact means float64."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from photostyle.ops.color_map import ColorAffine, limited
from photostyle.ops.gaussian import GaussianSum
from photostyle.ops.monge_kantorovich import monge_kantorovich
from photostyle.ops.small_algebra import OnTheWay, exact, like, on_cpu, solved
from photostyle.ops.transfer import uploaded
from support.pretended_gpu import GPU, pretended_gpu

PARTS = [torch.arange(6.0).view(2, 3), torch.tensor(7.0), torch.rand(1, 4, 4).mT]


def test_they_arrive_as_they_were() -> None:
    with pretended_gpu() as waits:
        found = OnTheWay([uploaded(part, GPU) for part in PARTS]).arrived()
    assert all(torch.equal(*pair) for pair in zip(found, PARTS, strict=True))
    assert waits.total() == 1


def test_on_the_cpu_they_have_all_digits() -> None:
    assert all(t.dtype == torch.float64 for t in (*on_cpu(PARTS), exact(PARTS[0])))


def test_back_again() -> None:
    with pretended_gpu() as waits:
        there = like(torch.eye(3, dtype=torch.float64), torch.zeros(1, device=GPU, dtype=torch.float16))
        assert (there.device, there.dtype) == (GPU, torch.float16)
        assert exact(there).device == GPU
    assert not waits


def test_a_solution() -> None:
    matrix, right = torch.eye(3) * 2 + 0.1, torch.rand(3, 2)
    assert torch.allclose(solved(matrix, right), torch.linalg.solve(matrix, right))


def sums(x: Tensor) -> list[Tensor]:
    found = GaussianSum()
    for rows in x.split(5, dim=2):
        found.add(rows, torch.ones_like(rows[:, :1]))
    return list(found.total())


def colors(x: Tensor) -> list[Tensor]:
    halves = [GaussianSum.of(half, torch.ones_like(half[:, :1])) for half in x.split(10, dim=2)]
    return list(monge_kantorovich(halves[0], halves[1]))


def calmed(x: Tensor) -> list[Tensor]:
    return list(limited(ColorAffine(x[:, :, :3, 0] * 50, x[:, :, 0, 0])))


@pytest.mark.parametrize(("work", "wanted"), [(sums, 0), (colors, 1), (calmed, 1)])
def test_no_more_waiting_than_there_has_to_be(work: Callable[[Tensor], list[Tensor]], wanted: int) -> None:
    x = torch.rand(1, 3, 20, 8, generator=torch.Generator().manual_seed(0))
    with pretended_gpu() as waits:
        found = [t.device for t in work(uploaded(x, GPU))]
    assert found == [GPU, GPU]
    assert waits.total() == wanted
