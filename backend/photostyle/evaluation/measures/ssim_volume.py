"""Structural similarity as REST's table has it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.evaluation.measures.base import Measure

_TAPS, _SIGMA = 11, 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def _kernel() -> Tensor:
    x = torch.arange(_TAPS, dtype=torch.float64) - _TAPS // 2
    kernel = torch.exp(-(x**2) / (2 * _SIGMA**2))
    return kernel / kernel.sum()


def _blur(volume: Tensor) -> Tensor:
    """Gaussian over channel, row and column of (1, 1, 3, H, W) with a replicated border."""
    kernel, half = _kernel().to(volume.device), _TAPS // 2
    for axis in range(3):
        shape, pad = [1, 1, 1, 1, 1], [0] * 6
        shape[2 + axis] = _TAPS
        pad[4 - 2 * axis : 6 - 2 * axis] = [half, half]
        volume = F.conv3d(F.pad(volume, pad, mode="replicate"), kernel.view(shape))
    return volume


def ssim_volume(a: Tensor, b: Tensor) -> float:
    """SSIM (Wang et al. 2004) of two RGB pictures as volumes: 3-D Gaussian, σ 1.5, 11 taps, over colour too.

    This is what MATLAB's ``ssim`` computes for an M×N×3 array, and the protocol of REST's published figures.

    Args:
        a: (1, 3, H, W), 0–1.
        b: The same shape.

    Returns:
        −1 to 1; 1 for equal pictures.
    """
    x, y = (p.double().mul(255)[None] for p in (a, b))
    mean_x, mean_y = _blur(x), _blur(y)
    var_x, var_y = _blur(x * x) - mean_x**2, _blur(y * y) - mean_y**2
    covariance = _blur(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + _C1) / (mean_x**2 + mean_y**2 + _C1)
    structure = (2 * covariance + _C2) / (var_x + var_y + _C2)
    return float((luminance * structure).mean())


SSIM = Measure(
    name="ssim",
    title="SSIM to the content (REST's protocol)",
    paper="Wang et al. 2004; over colour as a third axis, as REST has it",
    low=-1.0,
    high=1.0,
    better="higher",
    compute=lambda sample: ssim_volume(sample.output, sample.content),
)
