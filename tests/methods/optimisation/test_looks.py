"""Looks: blended they are the picture again, and each goes on smoothly beyond its region."""

from __future__ import annotations

import torch

from photostyle.methods.base import Region
from photostyle.methods.optimisation.looks import looks
from support.tensors import tensor


def region(blend: torch.Tensor) -> Region:
    return Region(blend, blend, torch.rand(1, 3, 4, 4), torch.ones(1, 1, 4, 4))


def test_one_region_has_the_picture() -> None:
    picture = torch.rand(1, 3, 10, 20)
    assert looks(torch.rand(1, 3, 10, 20), picture, [region(torch.ones(1, 1, 10, 20))]) is picture


def test_two_regions(photographs) -> None:
    content = tensor(photographs["coffee"], 60, 80)
    left = torch.zeros(1, 1, 60, 80)
    left[..., :40] = 1
    picture = torch.where(left > 0, content * 0.5, content * 0.8 + 0.2)
    found = looks(content, picture, [region(left), region(1 - left)])
    assert torch.equal(left * found[:1] + (1 - left) * found[1:], picture)
    torch.testing.assert_close(found[:1], content * 0.5, atol=0.02, rtol=0)
    torch.testing.assert_close(found[1:], content * 0.8 + 0.2, atol=0.02, rtol=0)
