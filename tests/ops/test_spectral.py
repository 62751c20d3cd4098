"""Functions of symmetric matrices."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.ops.spectral import OfValues, spectral


def rotated(values: list[float], seed: int = 3) -> Tensor:
    axes, _ = torch.linalg.qr(
        torch.randn(len(values), len(values), dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    )
    return axes @ torch.diag(torch.tensor(values, dtype=torch.float64)) @ axes.T


def test_the_root_squared_is_the_matrix() -> None:
    matrix = torch.stack([rotated([1e-4, 0.3, 2.0, 9.0]), rotated([1.0, 1.0, 1.0, 4.0])])
    root = spectral(matrix, torch.sqrt)
    torch.testing.assert_close(root @ root, matrix)
    torch.testing.assert_close(root, root.mT)


def test_a_limit_cuts_the_long_axes_alone() -> None:
    limited = spectral(rotated([0.5, 2.0, 9.0]), lambda values: values.clamp(max=5.0))
    torch.testing.assert_close(limited, rotated([0.5, 2.0, 5.0]))


@pytest.mark.parametrize("function", [torch.sqrt, lambda values: values.clamp(max=5.0)], ids=["root", "limit"])
@pytest.mark.parametrize("values", [[0.2, 1.0, 3.0, 8.0], [2.0, 2.0, 2.0, 2.0], [1.0, 1.0, 7.0, 7.0]], ids=str)
def test_its_gradient_is_right_also_where_eigenvalues_meet(function: OfValues, values: list[float]) -> None:
    matrix = rotated(values).requires_grad_()
    assert torch.autograd.gradcheck(lambda m: spectral(m, function), matrix)
