"""Total variation: the definition, pictures without neighbours, and the gradient."""

from __future__ import annotations

import pytest
import torch

from photostyle.ops.total_variation import total_variation


def test_one_colour_has_none_and_a_ramp_its_slope() -> None:
    ramp = torch.linspace(0, 1, 11).expand(1, 3, 5, 11)
    assert total_variation(torch.full((1, 3, 5, 7), 0.3)).item() == 0
    assert total_variation(ramp).item() == pytest.approx(0.01)
    assert total_variation(ramp.transpose(2, 3)).item() == pytest.approx(0.01)


@pytest.mark.parametrize("size", [(1, 1), (1, 4), (4, 1)])
def test_a_single_row_or_column(size: tuple[int, int]) -> None:
    assert torch.isfinite(total_variation(torch.rand(1, 3, *size)))


def test_gradient() -> None:
    x = torch.rand(2, 3, 4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    assert torch.autograd.gradcheck(total_variation, (x,))
