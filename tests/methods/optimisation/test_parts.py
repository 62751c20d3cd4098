"""Parts: each region by itself, or all of the picture against all of each style."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.optimisation.parts import regional, whole
from support.tensors import gradient


def region(weight: Tensor, style: Tensor, style_weight: Tensor) -> Region:
    return Region(weight, weight, style, style_weight)


LEFT, RIGHT = 1 - gradient(4, 8), gradient(4, 8)
STYLE, OTHER = torch.rand(1, 3, 5, 6), torch.rand(1, 3, 7, 6)


def test_regions_share_by_area() -> None:
    little = torch.zeros(1, 1, 4, 8)
    little[..., :2] = 1
    parts = regional([region(little, STYLE, STYLE[:, :1]), region(1 - little, OTHER, OTHER[:, :1])])
    assert [part.share for part in parts] == pytest.approx([0.25, 0.75])
    assert torch.equal(parts[1].weight, 1 - little)


def test_nothing_selected_still_has_shares() -> None:
    empty = torch.zeros(1, 1, 4, 8)
    assert [part.share for part in regional([region(empty, STYLE, STYLE[:, :1])] * 2)] == [0.5, 0.5]


def test_the_whole_joins_what_has_one_style() -> None:
    on_style = gradient(5, 6)
    parts = whole([region(LEFT, STYLE, on_style), region(RIGHT, STYLE, 1 - on_style)])
    assert len(parts) == 1
    assert parts[0].share == pytest.approx(1)
    torch.testing.assert_close(parts[0].weight, torch.ones(1, 1, 4, 8))
    torch.testing.assert_close(parts[0].style_weight, torch.maximum(on_style, 1 - on_style))


def test_two_styles_share_the_whole() -> None:
    parts = whole([region(LEFT, STYLE, STYLE[:, :1]), region(RIGHT, OTHER, OTHER[:, :1])])
    assert [part.share for part in parts] == pytest.approx([0.5, 0.5])
    assert all(torch.allclose(part.weight, torch.ones(1, 1, 4, 8)) for part in parts)
