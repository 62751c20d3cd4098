"""Local affine colour transforms, by cells and by windows: what both recover, and what they leave calm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

from photostyle.ops.bilateral_grid import apply_grid, fit_grid
from photostyle.ops.color_map import ColorAffine, apply_color
from photostyle.ops.guided_filter import apply_guided, fit_guided
from support.tensors import gradient, tensor

STEP = 1 / 255

Fit = Callable[[Tensor, Tensor, Tensor], Any]
Apply = Callable[[Any, Tensor, int, int], Tensor]
KINDS: Mapping[str, tuple[Fit, Apply]] = {"grid": (fit_grid, apply_grid), "guided": (fit_guided, apply_guided)}

pytestmark = pytest.mark.parametrize("kind", KINDS)


def refitted(kind: str, content: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor:
    fit, apply = KINDS[kind]
    maps = fit(content, target, torch.ones_like(content[:, :1]) if weight is None else weight)
    return apply(maps, content, 0, content.shape[2])


def warm() -> ColorAffine:
    matrix = torch.tensor([[1.2, 0.1, 0.0], [0.05, 0.9, 0.0], [0.0, 0.1, 0.6]])
    return ColorAffine(matrix[None], torch.tensor([[0.05, 0.0, -0.04]]))


def test_identity_comes_back(photographs, kind: str) -> None:
    for name in photographs:
        content = tensor(photographs[name], 150, 200)
        assert (refitted(kind, content, content) - content).abs().max() < 0.1 * STEP


def test_global_affine_map_comes_back(photographs, kind: str) -> None:
    content = tensor(photographs["coffee"], 150, 200)
    target = apply_color(content, warm())
    assert (refitted(kind, content, target) - target).abs().max() < 0.5 * STEP


def test_weight_decides_which_map(photographs, kind: str) -> None:
    content = tensor(photographs["coffee"], 150, 200)
    left = torch.zeros(1, 1, 150, 200)
    left[..., :100] = 1
    target = torch.where(left > 0, apply_color(content, warm()), 1 - content)
    error = (refitted(kind, content, target, left) - apply_color(content, warm())).abs()[..., :100]
    assert error.max() < STEP


def test_smooth_local_map_comes_back_closely(photographs, kind: str) -> None:
    content = tensor(photographs["chelsea"], 240, 320)
    target = torch.lerp(content, apply_color(content, warm()), gradient(240, 320))
    assert (refitted(kind, content, target) - target).abs().mean() < 0.15 * (content - target).abs().mean()


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (1, 77), (77, 1), (33, 31), (65, 3)])
def test_any_size(photographs, kind: str, size: tuple[int, int]) -> None:
    content = tensor(photographs["astronaut"], *size)
    target = apply_color(content, warm())
    result = refitted(kind, content, target)
    assert result.shape == content.shape
    assert (result - target).abs().max() < 2 * STEP


def test_strips_and_full_size_agree(photographs, kind: str) -> None:
    fit, apply = KINDS[kind]
    full = tensor(photographs["coffee"], 301, 403)
    proxy = full[..., ::3, ::3]
    maps = fit(proxy, proxy.pow(1.3), torch.ones_like(proxy[:, :1]))
    whole = apply(maps, full, 0, 301)
    strips = [apply(maps, full[:, :, y : y + 64], y, 301) for y in range(0, 301, 64)]
    torch.testing.assert_close(torch.cat(strips, dim=2), whole, atol=1e-5, rtol=0)
    assert (whole - full.pow(1.3)).abs().mean() < 2 * STEP


@pytest.mark.parametrize("value", [30.0, 1e3, 6e4, 1e6])
def test_a_very_bright_pixel_leaves_the_rest_alone(photographs, kind: str, value: float) -> None:
    content = tensor(photographs["chelsea"], 120, 160)
    content[..., 5, 5] = value
    result = refitted(kind, content, 0.5 * content)
    assert torch.isfinite(result).all()
    assert (result - 0.5 * content)[..., 40:, 40:].abs().max() < 2 * STEP


def test_an_empty_weight_gives_the_identity(photographs, kind: str) -> None:
    content = tensor(photographs["chelsea"], 40, 50)
    result = refitted(kind, content, 1 - content, torch.zeros(1, 1, 40, 50))
    torch.testing.assert_close(result, content, atol=1e-4, rtol=0)


def test_noise_that_the_method_painted_stays_out(photographs, kind: str) -> None:
    """The rocket's night sky, with a target that asks for another slope in every patch of noise."""
    content = tensor(photographs["rocket"], 100, 600)
    noise = torch.randn(content.shape, generator=torch.Generator().manual_seed(10)) * 4 * STEP
    result = refitted(kind, content, content * 1.1 + 0.03 + noise)
    assert (result - (content * 1.1 + 0.03)).abs().max() < 3 * STEP
    gain = (result.diff(dim=3) - 1.1 * content.diff(dim=3)).abs()
    assert gain.max() < {"grid": 1, "guided": 2}[kind] * STEP


def test_a_smooth_sky_does_not_break_into_bands(kind: str) -> None:
    """A sky of 20 steps of 8 bits, the look four times the contrast: it gets all of that, in steps of one or two."""
    sky = (torch.linspace(60, 80, 600).round() * STEP).expand(1, 3, 120, 600)
    result = refitted(kind, sky, 4 * sky - 0.8) / STEP
    assert (result[..., -1] - result[..., 0]).min() > 0.95 * 4 * 20
    assert result.round().diff(dim=3).abs().max() <= 2
