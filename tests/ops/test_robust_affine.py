"""An affine map is found though many of the pairs are wrong."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.ops.color_map import ColorAffine
from photostyle.ops.robust_affine import robust_affine

TRUE = ColorAffine(
    torch.tensor([[[0.9, 0.1, 0.0], [0.0, 1.1, -0.1], [0.05, 0.0, 0.7]]]), torch.tensor([[0.05, -0.02, 0.1]])
)
STILL = ColorAffine(torch.eye(3)[None], torch.zeros(1, 3))


def pairs(wrong: float) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(3)
    x, other = torch.rand((2, 400, 3), generator=generator)
    y = x @ TRUE.matrix[0].T + TRUE.offset
    return x, torch.where(torch.rand((400, 1), generator=generator) < wrong, other, y)


@pytest.mark.parametrize("wrong", [0.0, 0.3, 0.5])
def test_the_map_of_the_right_pairs_is_found(wrong: float) -> None:
    x, y = pairs(wrong)
    found = robust_affine(x, y, torch.ones(400), STILL)
    torch.testing.assert_close(found.matrix, TRUE.matrix, atol=0.02, rtol=0)
    torch.testing.assert_close(found.offset, TRUE.offset, atol=0.01, rtol=0)


def test_what_is_not_believed_does_not_count() -> None:
    x, y = pairs(0.0)
    wrong = torch.cat([y[:200], torch.rand((200, 3), generator=torch.Generator().manual_seed(1))])
    found = robust_affine(x, wrong, (torch.arange(400) < 200).float(), STILL)
    torch.testing.assert_close(found.matrix, TRUE.matrix, atol=2e-3, rtol=0)


def test_one_colour_alone_keeps_the_first_guess_of_the_slopes() -> None:
    grey = torch.full((50, 3), 0.4)
    found = robust_affine(grey, grey + 0.1, torch.ones(50), TRUE)
    torch.testing.assert_close(found.matrix, TRUE.matrix, atol=1e-5, rtol=0)
    torch.testing.assert_close(grey @ found.matrix[0].T + found.offset, grey + 0.1, atol=1e-5, rtol=0)
