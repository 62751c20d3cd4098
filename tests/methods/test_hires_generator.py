"""The high-resolution generator: any size, any number of looks."""

from __future__ import annotations

import pytest
import torch

from photostyle.methods.networks.hires_generator import HiresGenerator
from support.tensors import tensor


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (9, 30), (31, 33)], ids=str)
@torch.inference_mode()
def test_any_size_and_number_of_looks(photographs, size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    generator = HiresGenerator(looks=2)
    generator.heads.reset_parameters()
    result = generator(tensor(photographs["coffee"], *size))
    assert result.shape == (2, 3, *size)
    assert torch.isfinite(result).all()
    assert not torch.equal(result[0], result[1])


@torch.inference_mode()
def test_it_begins_with_nothing(photographs) -> None:
    assert not HiresGenerator()(tensor(photographs["coffee"], 20, 30)).any()


def test_full_resolution_feels_every_branch(photographs) -> None:
    """The gradient reaches every weight but those that the zeros of the last layer hide at the very first step."""
    torch.manual_seed(0)
    generator = HiresGenerator()
    generator.heads.reset_parameters()
    generator(tensor(photographs["coffee"], 40, 40)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in generator.parameters() if p.ndim == 4)
