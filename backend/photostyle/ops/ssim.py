"""Structural similarity of colour pictures as a loss (Wang et al. 2004), its window over colour too."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

_HALF, _SIGMA = 5, 1.5
_C1, _C2 = 0.01**2, 0.03**2


def _window(device: torch.device) -> Tensor:
    x = torch.arange(-_HALF, _HALF + 1, device=device, dtype=torch.float32)
    return torch.softmax(-x.square() / (2 * _SIGMA**2), dim=0)


def _over_color(window: Tensor) -> Tensor:
    """(3, 3): the window along the axis of colour, its border repeated."""
    offsets = torch.arange(-_HALF, _HALF + 1, device=window.device)
    near = (offsets + torch.arange(3, device=window.device)[:, None]).clamp(0, 2)
    return torch.zeros(3, 3, device=window.device).scatter_add_(1, near, window.expand(3, -1))


def _means(x: Tensor, window: Tensor) -> Tensor:
    x = F.pad(x, (_HALF,) * 4, mode="replicate")
    rows = window.view(1, 1, 1, -1).expand(3, 1, 1, -1)
    x = F.conv2d(F.conv2d(x, rows, groups=3), rows.transpose(2, 3), groups=3)
    return torch.einsum("ij,bjhw->bihw", _over_color(window), x)


def ssim(a: Tensor, b: Tensor) -> Tensor:
    """Mean SSIM of pictures (B, 3, H, W; 0–1) as volumes: 3-D Gaussian, σ 1.5, 11 taps; −1 to 1, differentiable.

    In single precision: for a loss. The measure of the same name in `evaluation` has double.
    """
    window = _window(a.device)
    mean_a, mean_b = _means(a, window), _means(b, window)
    var_a, var_b = _means(a * a, window) - mean_a.square(), _means(b * b, window) - mean_b.square()
    covariance = _means(a * b, window) - mean_a * mean_b
    luminance = (2 * mean_a * mean_b + _C1) / (mean_a.square() + mean_b.square() + _C1)
    structure = (2 * covariance + _C2) / (var_a + var_b + _C2)
    return (luminance * structure).mean()
