"""Mattes follow the photograph where the mask does not."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.ops.matte import fit_mattes, mattes_of
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
    got = mattes_of(fit_mattes(masks, picture), picture, 0, size[0])
    assert got.shape == (1, 2, *size)
    torch.testing.assert_close(got.sum(1), torch.ones(1, *size), atol=1e-5, rtol=0)
    assert got.min() >= 0


@pytest.mark.parametrize("off", [-6, -3, 3, 6])
def test_border_follows_the_edge_that_the_mask_misses(off: int) -> None:
    picture = dark_left(96, 128, 64)
    got = mattes_of(fit_mattes(half_and_half(96, 128, 64 + off), picture), picture, 0, 96)[0, 0]
    assert (half_and_half(96, 128, 64)[0, 0] - got).abs().max() < 0.35


def test_far_from_the_border_the_mask_is_kept(photographs) -> None:
    picture = tensor(photographs["coffee"], 180, 240)
    got = mattes_of(fit_mattes(half_and_half(180, 240, 120), picture), picture, 0, 180)[0, 0]
    assert got[:, :70].min() > 0.98
    assert got[:, 170:].max() < 0.02


def test_strips_equal_the_whole(photographs) -> None:
    picture = tensor(photographs["coffee"], 181, 120)
    grid = fit_mattes(half_and_half(181, 120, 60), picture)
    whole = mattes_of(grid, picture, 0, 181)
    strips = [mattes_of(grid, picture[:, :, y : y + 50], y, 181) for y in range(0, 181, 50)]
    torch.testing.assert_close(torch.cat(strips, dim=2), whole, atol=1e-5, rtol=0)


def test_a_spark_that_the_proxy_does_not_show_stays_in_its_region() -> None:
    """A star in a dark sky far from the border: no pixel of the proxy near it is as bright."""
    proxy, full = dark_left(64, 128, 64), dark_left(64, 128, 64)
    full[..., 32, 10] = 1.0
    got = mattes_of(fit_mattes(half_and_half(64, 128, 64), proxy), full, 0, 64)
    assert got[0, 0, 32, 10] > 0.95


@pytest.mark.parametrize(("side", "least"), [(10, 0.25), (20, 0.4), (46, 0.6)])
def test_a_small_region_that_looks_like_its_surroundings_is_not_lost(side: int, least: float) -> None:
    """Somebody marked it, although neither luma nor colour tell it apart."""
    mask = torch.zeros(1, 1, 300, 300)
    mask[..., 100 : 100 + side, 100 : 100 + side] = 1
    picture = torch.rand((1, 3, 300, 300), generator=torch.Generator().manual_seed(0)) * 0.1 + 0.4
    got = mattes_of(fit_mattes(torch.cat([mask, 1 - mask], dim=1), picture), picture, 0, 300)[0, 0]
    assert got[100 : 100 + side, 100 : 100 + side].mean() > least
    assert got[:60].max() < 0.02


def test_a_rim_of_sky_of_the_towers_own_luma_goes_to_the_sky() -> None:
    """Luma cannot tell them apart here, warmth can."""
    picture = torch.full((1, 3, 96, 128), 0.5)
    picture[:, 0, :, :64] += 0.2
    picture[:, 1, :, :64] -= 0.2 * 0.2126 / 0.7152
    picture[:, 2, :, 64:] += 0.2
    picture[:, 1, :, 64:] -= 0.2 * 0.0722 / 0.7152
    got = mattes_of(fit_mattes(half_and_half(96, 128, 68), picture), picture, 0, 96)[0, 0]
    assert got[:, 64:68].max() < 0.35
