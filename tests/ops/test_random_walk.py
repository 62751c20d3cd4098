"""Random walks: heights that are steep at edges and blind to the light, and means that stay within edges."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.ops.random_walk import harmonic_height, walk_mean


def scene(sky: float, ground: float) -> Tensor:
    """A sky over the ground, and a tower that stands on it, (1, 3, 40, 50)."""
    picture = torch.full((1, 3, 40, 50), sky)
    picture[:, :, 28:] = ground
    picture[:, :, 8:28, 20:26] = ground
    return picture


def test_in_a_flat_picture_it_rises_evenly() -> None:
    height = harmonic_height(torch.full((1, 3, 30, 7), 0.4))
    torch.testing.assert_close(height, height[..., :1].expand_as(height), atol=1e-3, rtol=0)
    torch.testing.assert_close(height[0, 0, 1:, 0] - height[0, 0, :-1, 0], torch.full((29,), 1 / 31), atol=1e-3, rtol=0)


def test_a_tower_belongs_to_the_ground_it_stands_on() -> None:
    height = harmonic_height(scene(0.8, 0.2))[0, 0]
    assert height[10:26, :18].max() < 0.2, "the sky, beside the tower too"
    assert height[10:26, 21:25].min() > 0.8, "the tower"
    assert height[29:].min() > 0.8, "the ground"


@pytest.mark.parametrize(("sky", "ground"), [(0.1, 0.5), (0.05, 0.02), (1.0, 0.0)])
def test_by_day_and_by_night_it_is_the_same(sky: float, ground: float) -> None:
    day = harmonic_height(scene(0.8, 0.2))
    torch.testing.assert_close(harmonic_height(scene(sky, ground)), day, atol=0.1, rtol=0)


def test_upside_down_it_is_the_other_way_round() -> None:
    picture = torch.rand((1, 3, 21, 17), generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(
        harmonic_height(picture.flip(2)), 1 - harmonic_height(picture).flip(2), atol=1e-2, rtol=0
    )


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 2)])
def test_any_size(size: tuple[int, int]) -> None:
    height = harmonic_height(torch.rand((1, 3, *size)))
    assert height.shape == (1, 1, *size)
    assert ((height >= 0) & (height <= 1)).all()


def test_a_mean_does_not_cross_edges() -> None:
    picture = scene(0.8, 0.2)
    noise = torch.rand((1, 2, 40, 50), generator=torch.Generator().manual_seed(2))
    is_ground = (picture[:, :1] < 0.5).float()
    smooth = walk_mean(noise * 0.2 + is_ground, picture, 100.0)
    assert (smooth - is_ground - 0.1).abs().max() < 0.1
    assert smooth[..., 30:, :].std() < 0.2 * (noise * 0.2).std()


def test_the_mean_of_a_constant_is_the_constant() -> None:
    values = torch.full((1, 1, 12, 9), 0.3)
    torch.testing.assert_close(walk_mean(values, torch.rand((1, 3, 12, 9)), 30.0), values)
