"""Maps of all colours as values on a lattice."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.ops.lattice import as_lattice, lattice_colors, look_up
from photostyle.ops.lattice_fit import fit_lattice
from support.tensors import tensor

CPU = torch.device("cpu")


def random_colors(count: int = 4000) -> Tensor:
    return torch.rand((1, 3, 1, count), generator=torch.Generator().manual_seed(0))


def even(x: Tensor) -> Tensor:
    return torch.ones_like(x[:, :1])


def test_red_changes_fastest() -> None:
    first, second, third = lattice_colors(3, CPU)[0, :, 0, [0, 1, 3]].T
    assert first.tolist() == [0, 0, 0]
    assert second.tolist() == [0.5, 0, 0]
    assert third.tolist() == [0, 0.5, 0]


def test_nodes_are_met_and_between_them_it_is_trilinear() -> None:
    values = torch.rand((1, 3, 1, 125), generator=torch.Generator().manual_seed(1))
    lattice = as_lattice(values)
    torch.testing.assert_close(look_up(lattice, lattice_colors(5, CPU)), values, atol=1e-5, rtol=0)
    halfway = torch.tensor([0.375, 0.5, 0.5])[None, :, None, None]
    wanted = (lattice[:, 2, 2, 1] + lattice[:, 2, 2, 2]) / 2
    torch.testing.assert_close(look_up(lattice, halfway).flatten(), wanted, atol=1e-5, rtol=0)
    torch.testing.assert_close(look_up(lattice, torch.full((1, 3, 1, 1), 7.0)).flatten(), lattice[:, 4, 4, 4])


@pytest.mark.parametrize("size", [9, 33])
def test_a_smooth_map_is_found(size: int) -> None:
    x = random_colors()
    y = torch.cat([x[:, :1].square(), 0.3 + 0.5 * x[:, 1:2], x[:, 2:] * (1 - 0.5 * x[:, :1])], dim=1)
    error = (look_up(fit_lattice(x, y, even(x), size), x) - y).abs()
    assert error.mean() < 0.004
    assert error.max() < 0.05


def test_where_there_are_no_colours_it_goes_on_rising(photographs) -> None:
    x = tensor(photographs["chelsea"], 60, 90)  # a brown cat: no green, no blue
    y = (0.2 + 0.9 * x).square()
    lattice = fit_lattice(x, y, even(x), 17)
    for channel in range(3):
        assert lattice[channel].diff(dim=2 - channel).min() > -0.005
    assert lattice.isfinite().all()


def test_what_does_not_count_does_not_count() -> None:
    x = random_colors()
    y = x * 0.5 + 0.1
    weight = even(x)
    weight[..., ::2] = 0
    wrong = torch.where(weight > 0, y, 1 - y)
    torch.testing.assert_close(fit_lattice(x, wrong, weight, 9), fit_lattice(x, y, weight, 9), atol=1e-4, rtol=0)


def test_one_colour_is_enough() -> None:
    x = torch.full((1, 3, 4, 4), 0.5)
    lattice = fit_lattice(x, x + 0.1, even(x), 9)
    torch.testing.assert_close(look_up(lattice, x), x + 0.1, atol=0.01, rtol=0)
