"""The pretended GPU refuses what a real one refuses, and counts what a real one is waited for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from support.pretended_gpu import GPU, DeviceMismatchError, pretended_gpu


def test_what_is_made_there_lies_there() -> None:
    with pretended_gpu():
        made = [torch.zeros(3, device="cuda"), torch.tensor([1.0], device=GPU), torch.ones(2).to(GPU)]
        assert all(x.device == GPU and (x[None] + 1).is_cuda for x in made)
        assert torch.nn.Linear(2, 2).to(GPU).weight.device == GPU


@pytest.mark.parametrize(
    "mixed",
    [
        lambda there, here: there + here,
        lambda there, here: torch.cat([here, there]),
        lambda there, here: here.add_(there),
        lambda there, here: torch.where(there > 0, there, here),
    ],
)
def test_both_sides_do_not_mix(mixed: Callable[[Tensor, Tensor], Tensor]) -> None:
    with pretended_gpu(), pytest.raises(DeviceMismatchError):
        mixed(torch.ones(3, device=GPU), torch.ones(3))


def test_there_are_no_arrays_of_it() -> None:
    with pretended_gpu(), pytest.raises(TypeError, match="can't convert"):
        torch.ones(3, device=GPU).numpy()


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (lambda x: x.cpu(), "download"),
        (lambda x: x.to("cpu", torch.float64), "download"),
        (lambda x: torch.empty(2).copy_(x), "download"),
        (lambda x: x.copy_(torch.ones(2)), "upload"),
        (lambda x: torch.ones(2).to(x), "upload"),
        (lambda x: float(x.sum()), "number"),
        (lambda x: bool(x.any()), "number"),
        (lambda x: x[x > 0], "nonzero"),
        (lambda x: torch.linalg.eigh(torch.diag(x)), "eigh"),
        (lambda x: torch.linalg.solve(torch.diag(x), x), "solve"),
    ],
)
def test_what_is_waited_for_is_counted(work: Callable[[Tensor], object], why: str) -> None:
    with pretended_gpu() as waits:
        x = torch.ones(2).to(GPU, non_blocking=True)
        assert not waits
        work(x)
    assert [entry.split()[0] for entry in waits] == [why]
    assert waits.total() == 1


@pytest.mark.parametrize(
    "work",
    [
        lambda x: (x * 2 + 1).square_().sum(),
        lambda x: torch.linalg.solve_ex(torch.diag(x), x).result,
        lambda x: x.to("cpu", non_blocking=True),
        lambda x: torch.ones(2).to(x.device, non_blocking=True),
        lambda x: torch.zeros(2, device=x.device),
    ],
)
def test_what_runs_on_is_not_counted(work: Callable[[Tensor], object]) -> None:
    with pretended_gpu() as waits:
        work(torch.ones(2, device=GPU))
    assert not waits


def test_gradients_arrive() -> None:
    with pretended_gpu():
        x = torch.arange(3.0, device=GPU).requires_grad_()
        (x.square() * 3).cpu().sum().backward()
        assert x.grad is not None
        assert x.grad.device == GPU
        assert x.grad.tolist() == [0, 6, 12]


def test_afterwards_there_is_none() -> None:
    with pretended_gpu():
        torch.zeros(1, device=GPU)
    if not torch.cuda.is_available():
        with pytest.raises((AssertionError, RuntimeError)):
            torch.zeros(1, device=GPU)
