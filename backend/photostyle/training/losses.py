"""Losses of REST: the paper's, and what keeps the result a photograph."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.gaussian import fit_gaussian
from photostyle.ops.gram import gram
from photostyle.ops.moments import channel_moments

_PATCH = 8


def style_loss(output: Sequence[Tensor], style: Sequence[Tensor], scales: Sequence[float], regions: Regions) -> Tensor:
    """Σ over taps and regions of ‖μ(o) − μ(s)‖² + ‖σ(o) − σ(s)‖² (REST, equation 7), each tap over its own variance.

    Args:
        output: Teacher features of the output, one (B, C, h, w) for each tap.
        style: The same of the style.
        scales: Variance of the teacher at each tap.
        regions: Pairs of weights (B, 1, H, W) on output and style.
    """
    total = output[0].new_zeros(())
    for o, s, scale in zip(output, style, scales, strict=True):
        for on_output, on_style in regions:
            got = channel_moments(o, _at_size(on_output, o))
            want = channel_moments(s, _at_size(on_style, s))
            total = total + (F.mse_loss(got.mean, want.mean) + F.mse_loss(got.std, want.std)) / scale
    return total / len(regions)


def gram_loss(output: Sequence[Tensor], style: Sequence[Tensor], regions: Regions) -> Tensor:
    """Mean over taps and regions of ‖G(o) − G(s)‖_F / ‖G(s)‖_F, G = Σ w f fᵀ / Σ w: the region Gram distance.

    Args:
        output: Teacher features of the output, one (B, C, h, w) for each tap.
        style: The same of the style.
        regions: Pairs of weights (B, 1, H, W) on output and style.
    """
    total = output[0].new_zeros(())
    for o, s in zip(output, style, strict=True):
        for on_output, on_style in regions:
            got, want = gram(o, _at_size(on_output, o)), gram(s, _at_size(on_style, s))
            distance = (got - want).flatten(1).norm(dim=1) / want.flatten(1).norm(dim=1).clamp_min(1e-12)
            total = total + distance.mean()
    return total / (len(output) * len(regions))


def color_loss(output: Tensor, style: Tensor, regions: Regions) -> Tensor:
    """Squared difference of mean colour and of its covariance, region by region; all (B, 3, H, W)."""
    total = output.new_zeros(())
    for on_output, on_style in regions:
        got, want = fit_gaussian(output, on_output), fit_gaussian(style, on_style)
        total = total + F.mse_loss(got.mean, want.mean) + 10 * F.mse_loss(got.covariance, want.covariance)
    return total / len(regions)


def patch_affine_loss(output: Tensor, content: Tensor) -> Tensor:
    """What is left of the output after the best affine colour map of the content in each 8×8 patch.

    The photorealism constraint of Deep Photo Style Transfer in its cheapest form. Both are (B, 3, H, W).
    """
    x, y = _patches(content), _patches(output)
    x = torch.cat([x, torch.ones_like(x[..., :1])], dim=-1)
    ridge = 1e-3 * torch.eye(4, device=x.device)
    # Without the check whether it can be solved, for which a GPU would have to be waited for: the ridge sees to it.
    solved, _ = torch.linalg.solve_ex(x.transpose(1, 2) @ x + ridge, x.transpose(1, 2) @ y)
    return F.mse_loss(x @ solved, y)


def range_loss(output: Tensor) -> Tensor:
    """Mean square of what leaves 0–1."""
    return (output - output.clamp(0, 1)).square().mean()


Regions = Sequence[tuple[Tensor, Tensor]]


def _at_size(weight: Tensor, like: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(weight, like.shape[-2:])  # type: ignore[arg-type]


def _patches(x: Tensor) -> Tensor:
    columns = F.unfold(x, _PATCH, stride=_PATCH)
    return columns.view(x.shape[0], 3, _PATCH * _PATCH, -1).permute(0, 3, 2, 1).reshape(-1, _PATCH * _PATCH, 3)
