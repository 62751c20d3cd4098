"""The bilateral grid: what sets it apart from the guided filter."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.affine_fit import fit_affine
from photostyle.ops.bilateral_grid import CELL, apply_grid, fit_grid
from photostyle.ops.color_map import apply_color
from support.tensors import tensor


def refitted(content: Tensor, target: Tensor) -> Tensor:
    grid = fit_grid(content, target, torch.ones_like(content[:, :1]))
    return apply_grid(grid, content, 0, content.shape[2])


def test_map_that_depends_on_luma_comes_back_closely(photographs) -> None:
    content = tensor(photographs["astronaut"], 240, 240)
    target = content.clamp_min(0).pow(0.7)
    plain = apply_color(content, fit_affine(content, target, torch.ones(1, 1, 240, 240)))
    assert (refitted(content, target) - target).abs().mean() < 0.5 * (plain - target).abs().mean()


@pytest.mark.parametrize("height", [1, 2, 3, 75])
def test_the_last_row_counts_where_rows_go_in_pairs(photographs, height: int) -> None:
    content = 0.3 * tensor(photographs["astronaut"], height, 90)
    content[:, :, -1] += 0.7
    target = content.clone()
    target[:, :, -1] -= 0.5
    assert (refitted(content, target) - target)[:, :, -1].abs().mean() < 0.05


def dark_sky() -> Tensor:
    """A dark gradient (1, 3, 240, 360) of 2 to 20 steps of 8 bits, with squares of 8 × 8 pixels one step up or down."""
    ramp = torch.linspace(2, 20, 360).expand(240, 360)
    signs = torch.randint(0, 2, (3, 30, 45), generator=torch.Generator().manual_seed(13)) * 2 - 1
    squares = signs.repeat_interleave(8, 1).repeat_interleave(8, 2)
    return ((ramp + squares) / 255)[None]


def test_the_squares_of_a_dark_sky_are_not_stretched_with_it() -> None:
    """A style four times as bright: the gradient follows it, the squares of a JPEG do not."""
    content = dark_sky()
    result = refitted(content, 4 * content)
    inside = result[..., 48:-48, 48:-48]
    smooth = F.avg_pool2d(inside, 33, 1)
    middle = inside[..., 16:-16, 16:-16]
    slope = smooth.mean(2).diff(dim=2).mean() / (18 / 360 / 255)
    assert 3.4 < slope < 4.2
    assert (middle - smooth).std() < 2 / 255


def test_a_flat_sky_shows_no_lattice() -> None:
    """Other wishes from place to place: the result bends no more where the cells meet than between."""
    content = torch.linspace(0.03, 0.08, 480).expand(1, 3, 240, 480)
    wishes = torch.randn((1, 3, 10, 20), generator=torch.Generator().manual_seed(14)) * 0.02
    result = refitted(content, content + F.interpolate(wishes, size=(240, 480), mode="bicubic"))
    bends = 255 * result[0].diff(n=2, dim=2).abs().amax(0)
    phase = torch.arange(1, 479) % CELL
    lattice = (phase - CELL // 2 + 0.5).abs() < 1
    assert bends[:, lattice].mean() < 1.5 * bends[:, ~lattice].mean()
    assert bends.max() < 0.1


def test_a_star_that_the_proxy_does_not_show_gets_the_region_s_map() -> None:
    """Its luma has no pixels in the grid."""
    content = dark_sky()
    grid = fit_grid(content, 4 * content + 0.1, torch.ones_like(content[:, :1]))
    content[..., 100, 100] = 0.7
    result = apply_grid(grid, content, 0, 240)
    wanted = apply_color(content, grid.base)
    torch.testing.assert_close(result[..., 100, 100], wanted[..., 100, 100], atol=0.02, rtol=0)
