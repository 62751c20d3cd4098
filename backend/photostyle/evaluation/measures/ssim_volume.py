"""Structural similarity as REST's table has it."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.measures.gaussian_window import HALF, kernel, replicated, window_means
from photostyle.evaluation.measures.similarity import WindowMeans, products, similarity


def _over_color() -> Tensor:
    """(3, 3): the window along the axis of colour, its border repeated; row k is centred on channel k."""
    near = (torch.arange(-HALF, HALF + 1) + torch.arange(3)[:, None]).clamp(0, 2)
    return torch.zeros(3, 3, dtype=torch.float64).scatter_add_(1, near, kernel().expand(3, -1))


def ssim_volume(a: Tensor, b: Tensor) -> float:
    """SSIM (Wang et al. 2004) of two RGB pictures as volumes: 3-D Gaussian, σ 1.5, 11 taps, over colour too.

    This is what MATLAB's ``ssim`` computes for an M×N×3 array of 8 bits, and the protocol of REST's published figures.

    Args:
        a: (1, 3, H, W), 0–1.
        b: The same shape.

    Returns:
        −1 to 1; 1 for equal pictures.
    """
    volumes = products(*(p[0].double() * 255 for p in (a, b)))
    weights = _over_color().to(a.device)
    found = []
    for row in weights:
        slices = (torch.einsum("c,chw->hw", row, volume) for volume in volumes)
        found.append(similarity(WindowMeans(*(window_means(replicated(p)) for p in slices)), 255))
    return sum(found) / len(found)


SSIM = Measure(
    name="ssim",
    title="SSIM to the content (REST's protocol)",
    paper="Wang et al. 2004; over colour as a third axis, as REST has it",
    low=-1.0,
    high=1.0,
    better="higher",
    compute=lambda sample: ssim_volume(sample.output, sample.content),
)
