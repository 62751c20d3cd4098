"""Mattes follow the photograph where the mask does not."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.ops.matte import matte_grid, mattes
from support.tensors import tensor


def half_and_half(height: int, width: int, border: int) -> Tensor:
    """Two masks, left and right of a column."""
    left = torch.zeros(1, 1, height, width)
    left[..., :border] = 1
    return torch.cat([left, 1 - left], dim=1)


def dark_left(height: int, width: int, border: int) -> Tensor:
    picture = torch.full((1, 3, height, width), 0.8)
    picture[..., :border] = 0.15
    return picture


@pytest.mark.parametrize("size", [(1, 1), (1, 33), (33, 1), (61, 47)])
def test_mattes_sum_to_one(photographs, size: tuple[int, int]) -> None:
    picture = tensor(photographs["coffee"], *size)
    masks = half_and_half(*size, size[1] // 2)
    got = mattes(matte_grid(masks, picture), picture, 0, size[0])
    assert got.shape == (1, 2, *size)
    torch.testing.assert_close(got.sum(1), torch.ones(1, *size), atol=1e-5, rtol=0)
    assert got.min() >= 0


@pytest.mark.parametrize("off", [-6, -3, 3, 6])
def test_border_follows_the_edge_that_the_mask_misses(off: int) -> None:
    picture = dark_left(96, 128, 64)
    got = mattes(matte_grid(half_and_half(96, 128, 64 + off), picture), picture, 0, 96)[0, 0]
    assert (half_and_half(96, 128, 64)[0, 0] - got).abs().max() < 0.35


def test_far_from_the_border_the_mask_is_kept(photographs) -> None:
    picture = tensor(photographs["coffee"], 180, 240)
    got = mattes(matte_grid(half_and_half(180, 240, 120), picture), picture, 0, 180)[0, 0]
    assert got[:, :70].min() > 0.98
    assert got[:, 170:].max() < 0.02


def test_strips_equal_the_whole(photographs) -> None:
    picture = tensor(photographs["coffee"], 181, 120)
    grid = matte_grid(half_and_half(181, 120, 60), picture)
    whole = mattes(grid, picture, 0, 181)
    strips = [mattes(grid, picture[:, :, y : y + 50], y, 181) for y in range(0, 181, 50)]
    torch.testing.assert_close(torch.cat(strips, dim=2), whole, atol=1e-5, rtol=0)


def test_a_spark_that_the_proxy_does_not_show_stays_in_its_region() -> None:
    """A star in a dark sky far from the border: no pixel of the proxy near it is as bright."""
    proxy, full = dark_left(64, 128, 64), dark_left(64, 128, 64)
    full[..., 32, 10] = 1.0
    got = mattes(matte_grid(half_and_half(64, 128, 64), proxy), full, 0, 64)
    assert got[0, 0, 32, 10] > 0.95
