"""Gathering into bilateral space and reading back."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from photostyle.ops.bilateral_space import blur, refine, slice_rows, splat
from photostyle.ops.luma import luma
from support.tensors import tensor


@given(height=st.integers(1, 90), width=st.integers(1, 90), cell=st.integers(1, 40), bins=st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_splat_conserves_mass(height: int, width: int, cell: int, bins: int) -> None:
    random = torch.Generator().manual_seed(height * 100 + width)
    planes = torch.rand((2, height, width), generator=random)
    guide = torch.rand((height, width), generator=random) * 1.4 - 0.2
    grid = splat(planes, guide, cell, bins)
    assert grid.shape[:2] == (2, bins)
    torch.testing.assert_close(grid.sum((1, 2, 3)), planes.sum((1, 2)), rtol=1e-4, atol=1e-4)
    assert grid.min() >= 0


def test_splat_puts_pixels_where_they_are() -> None:
    guide = torch.zeros(64, 64)
    guide[:, 32:] = 1.0
    grid = splat(torch.ones(1, 64, 64), guide, cell=32, bins=5)[0]
    assert grid.shape == (5, 2, 2)
    assert grid[1:4].sum() == 0
    assert grid[0, :, 0].sum() > 5 * grid[0, :, 1].sum()
    assert grid[4, :, 1].sum() > 5 * grid[4, :, 0].sum()


def test_blur_keeps_constants_and_agrees_with_the_kernel() -> None:
    torch.testing.assert_close(blur(torch.full((2, 3, 4, 5), 0.7)), torch.full((2, 3, 4, 5), 0.7))
    impulse = torch.zeros(1, 5, 5, 5)
    impulse[0, 2, 2, 2] = 1.0
    k = torch.tensor([0.0, 0.25, 0.5, 0.25, 0.0])
    torch.testing.assert_close(blur(impulse)[0], k[:, None, None] * k[None, :, None] * k[None, None])


def test_blur_goes_the_same_way_along_each_axis() -> None:
    grid = torch.rand((1, 4, 5, 6), generator=torch.Generator().manual_seed(6))
    turned = blur(grid.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    torch.testing.assert_close(blur(grid), turned)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (37, 53)])
def test_constant_grid_reads_constant(size: tuple[int, int]) -> None:
    guide = torch.linspace(-0.5, 1.5, size[0] * size[1]).view(size)
    got = slice_rows(torch.full((3, 4, 2, 3), 0.25), guide, 0, size[0])
    torch.testing.assert_close(got, torch.full((3, *size), 0.25))


def test_reading_is_a_partition_of_unity() -> None:
    """Grids that sum to one at every vertex are read to values that sum to one at every pixel."""
    grid = torch.rand((5, 6, 4, 7), generator=torch.Generator().manual_seed(7)).softmax(0)
    guide = torch.rand((45, 61), generator=torch.Generator().manual_seed(8))
    torch.testing.assert_close(slice_rows(grid, guide, 0, 45).sum(0), torch.ones(45, 61))


def test_reading_meets_the_vertices_along_luma() -> None:
    grid = torch.tensor([1.0, 2.0, 4.0, 8.0]).view(1, 4, 1, 1)
    got = slice_rows(grid, torch.tensor([[0.0, 1 / 3, 0.5, 2 / 3, 1.0]]), 0, 1)
    torch.testing.assert_close(got[0, 0], torch.tensor([1.0, 2.0, 3.0, 4.0, 8.0]), atol=1e-5, rtol=0)


@pytest.mark.parametrize("rows", [1, 7, 40])
def test_strips_equal_the_whole(photographs, rows: int) -> None:
    guide = luma(tensor(photographs["rocket"], 121, 90))[0, 0]
    grid = torch.rand((4, 8, 4, 3), generator=torch.Generator().manual_seed(9))
    whole = slice_rows(grid, guide, 0, 121)
    strips = [slice_rows(grid, guide[first : first + rows], first, 121) for first in range(0, 121, rows)]
    torch.testing.assert_close(torch.cat(strips, dim=1), whole, atol=1e-6, rtol=0)


def test_grid_of_a_proxy_fits_the_full_size() -> None:
    """A vertical ramp, gathered small, is the same ramp at four times the size."""
    ramp = torch.linspace(0, 1, 64)[:, None].expand(64, 48)
    sums = splat(torch.stack([ramp, torch.ones_like(ramp)]), torch.full((64, 48), 0.5), cell=8, bins=3)
    mean = sums[:1] / sums[1:].clamp_min(1e-6)
    read = slice_rows(mean, torch.full((256, 192), 0.5), 0, 256)[0]
    inside = slice(24, -24)
    torch.testing.assert_close(
        read[inside], torch.linspace(0, 1, 256)[:, None].expand(256, 192)[inside], atol=0.01, rtol=0
    )


@pytest.mark.parametrize("size", [(1, 1, 1), (2, 1, 3), (5, 4, 6)])
def test_refining_keeps_constants_and_ramps(size: tuple[int, int, int]) -> None:
    torch.testing.assert_close(
        refine(torch.full((2, *size), 0.3), 4, 2),
        torch.full((2, 2 * size[0] - 1, 4 * size[1], 4 * size[2]), 0.3),
    )
    ramp = torch.arange(8.0).expand(1, 3, 4, 8)
    wanted = ((torch.arange(32) + 0.5) / 4 - 0.5)[4:-4]
    torch.testing.assert_close(refine(ramp, 4, 2)[0, 0, 0, 4:-4], wanted, atol=1e-5, rtol=0)


def test_luma_s_vertices_stay_where_they_were() -> None:
    """Cell k of the coarse grid lies at vertex k·depth of the fine one: an impulse keeps its place."""
    impulse = torch.zeros(1, 5, 1, 1)
    impulse[0, 2] = 1
    read = refine(impulse, 1, 2)[0, :, 0, 0]
    assert read.argmax() == 4
    torch.testing.assert_close(read, read.flip(0))
    torch.testing.assert_close(read[4], torch.tensor(0.75))


def test_a_refined_grid_reads_without_creases() -> None:
    """Read linearly, all bends of a coarse grid lie on the lattice of its cells."""
    grid = torch.randn((1, 3, 6, 8), generator=torch.Generator().manual_seed(12))
    guide = torch.full((192, 256), 0.3)
    bends = [slice_rows(g, guide, 0, 192)[0].diff(n=2, dim=1).abs().amax() for g in (grid, refine(grid, 4, 2))]
    assert bends[1] < 0.25 * bends[0]
