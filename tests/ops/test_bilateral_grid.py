"""The bilateral grid: what sets it apart from the guided filter."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.affine_fit import fit_affine
from photostyle.ops.bilateral_grid import apply_grid, fit_grid
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
