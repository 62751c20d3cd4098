"""The guided filter: the paper's equations, and what sets it apart from the grid."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from photostyle.ops.affine_fit import fit_affine
from photostyle.ops.bilateral_grid import apply_grid, fit_grid
from photostyle.ops.color_map import apply_color
from photostyle.ops.guided_filter import REACH, STEP, apply_guided, fit_guided
from support.tensors import tensor


def filtered(content: Tensor, target: Tensor) -> Tensor:
    maps = fit_guided(content, target, torch.ones_like(content[:, :1]))
    return apply_guided(maps, content, 0, content.shape[2])


def by_the_paper(guide: Tensor, residual: Tensor, radius: int, ridge: float) -> np.ndarray:
    """Equations 14 to 16, window by window, each by how well it fits, (H, W, 3)."""
    x, r = (t[0].permute(1, 2, 0).double().numpy() for t in (guide, residual))
    height, width = x.shape[:2]
    total, count = np.zeros_like(x), np.zeros((height, width, 1))
    for row in range(height):
        for column in range(width):
            window = np.s_[max(0, row - radius) : row + radius + 1, max(0, column - radius) : column + radius + 1]
            xs, rs = x[window].reshape(-1, 3), r[window].reshape(-1, 3)
            centred = xs - xs.mean(0)
            variance = centred.T @ centred / len(xs) + ridge * np.eye(3)
            slopes = np.linalg.solve(variance, centred.T @ (rs - rs.mean(0)) / len(xs))
            fitted = (x[window] - xs.mean(0)) @ slopes + rs.mean(0)
            trust = 1e-4 / (1e-4 + np.mean((fitted - r[window]) ** 2))
            total[window] += trust * fitted
            count[window] += trust
    return total / count


def test_it_is_the_paper_s_filter(photographs) -> None:
    """On what the region's own map leaves over; windows every `STEP` pixels differ only a little from all windows."""
    content = tensor(photographs["astronaut"], 64, 80)
    wave = torch.linspace(0, 9, 80).sin() * 0.1
    target = content.sqrt() * 0.8 + wave
    base = apply_color(content, fit_affine(content, target, torch.ones_like(content[:, :1])))
    wanted = by_the_paper(content, target - base, STEP * REACH, 1e-3)
    got = (filtered(content, target) - base)[0].permute(1, 2, 0).numpy()
    assert np.abs(got - wanted).mean() < 0.1 * np.abs(wanted).mean()


def test_finer_than_the_grid(photographs) -> None:
    """A stain of a few pixels that only the method knows of, as an iris: the grid's cells lose it."""
    content = tensor(photographs["chelsea"], 300, 451)
    stain = torch.zeros_like(content)
    stain[:, 0, 100:124, 200:224] = 0.2
    weight = torch.ones_like(content[:, :1])
    by_grid = apply_grid(fit_grid(content, content + stain, weight), content, 0, 300) - content
    by_window = filtered(content, content + stain) - content
    inside = (..., slice(104, 120), slice(204, 220))
    assert by_window[:, :1][inside].mean() > 0.12
    assert by_window[:, :1][inside].mean() > 1.3 * by_grid[:, :1][inside].mean()


def test_a_rim_that_the_method_painted_is_no_halo() -> None:
    """A dark roof before a bright sky, with a bright contour three pixels wide: the sky beside it stays as it is."""
    content = torch.full((1, 3, 120, 160), 0.7)
    content[:, :, 60:] = 0.2
    grain = torch.randn(content.shape, generator=torch.Generator().manual_seed(15)) / 255
    rim = torch.zeros_like(content)
    rim[:, :, 57:60] = 0.3
    added = filtered(content + grain, content + grain + rim) - content - grain
    assert added[:, :, 44:54].abs().max() < 0.02
