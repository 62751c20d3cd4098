from __future__ import annotations

import pytest
import torch

from photostyle.ops.color_map import ColorAffine, apply_color
from photostyle.training.losses import color_loss, patch_affine_loss, range_loss, style_loss


def whole(x: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(torch.ones_like(x[:, :1]), torch.ones_like(x[:, :1]))]


@pytest.fixture
def picture() -> torch.Tensor:
    return torch.rand((2, 3, 32, 32), generator=torch.Generator().manual_seed(0))


def test_an_affine_recolouring_costs_nothing_in_patches(picture: torch.Tensor) -> None:
    matrix = torch.tensor([[0.5, 0.2, 0.0], [0.1, 0.9, -0.1], [0.0, 0.3, 0.4]]).expand(2, 3, 3)
    recoloured = apply_color(picture, ColorAffine(matrix, torch.full((2, 3), 0.1)))
    assert patch_affine_loss(recoloured, picture) < 1e-6
    assert patch_affine_loss(picture.flip(3), picture) > 0.01


def test_equal_statistics_cost_nothing(picture: torch.Tensor) -> None:
    turned = picture.flip(2)
    assert style_loss([turned], [picture], [1.0], whole(picture)) < 1e-9
    assert color_loss(turned, picture, whole(picture)) < 1e-9


def test_style_loss_is_the_papers_on_one_tap(picture: torch.Tensor) -> None:
    shifted = picture * 0.5 + 0.3
    mean = (shifted.mean((2, 3)) - picture.mean((2, 3))).square().mean()
    std = (shifted.std((2, 3), correction=0) - picture.std((2, 3), correction=0)).square().mean()
    assert style_loss([shifted], [picture], [2.0], whole(picture)).item() == pytest.approx(
        float(mean + std) / 2, rel=1e-3
    )


def test_regions_are_compared_one_by_one() -> None:
    left = torch.zeros(1, 1, 8, 8)
    left[..., :4] = 1
    picture = left.expand(-1, 3, -1, -1)
    regions = [(left, left), (1 - left, 1 - left)]
    assert color_loss(picture, picture, regions) < 1e-9
    assert color_loss(picture.flip(3), picture, regions) > 0.5


def test_only_what_leaves_the_range_costs() -> None:
    assert range_loss(torch.tensor([0.0, 0.5, 1.0])) == 0
    assert range_loss(torch.tensor([-1.0, 0.5])).item() == pytest.approx(0.5)
