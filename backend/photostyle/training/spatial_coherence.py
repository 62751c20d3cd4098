"""The loss that keeps the content where it was, in features that carry a style (SCP; Wu et al., equation 2)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SpatialCoherence(nn.Module):
    """L = Σᵢ ‖Wᵢ * Qᵢ − Pᵢ‖² with learned 3×3 kernels Wᵢ, each scale over the variance of its P.

    Without Wᵢ the loss would ask for the content's own features, and so for no style at all.

    Args:
        channels: Of P¹, P² and P³.
        scales: Their variances.
    """

    def __init__(self, channels: Sequence[int], scales: Sequence[float]) -> None:
        super().__init__()
        self.kernels = nn.ModuleList(_still(c) for c in channels)
        self.scales = tuple(scales)

    def forward(self, aggregated: Sequence[Tensor], pooled: Sequence[Tensor]) -> Tensor:
        """The sum over the scales; Q and P are (B, C, h, w) each, shallow to deep."""
        scales = zip(self.kernels, aggregated, pooled, self.scales, strict=True)
        return torch.stack([F.mse_loss(kernel(q), p.to(q.dtype)) / scale for kernel, q, p, scale in scales]).sum()


def _still(channels: int) -> nn.Conv2d:
    """A convolution that begins as the identity."""
    layer = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="replicate", bias=False)
    nn.init.dirac_(layer.weight)
    return layer
