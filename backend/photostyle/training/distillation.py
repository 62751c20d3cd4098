"""Semantic distillation: a wide teacher guides the narrow encoder (REST, equations 1 to 4)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photostyle.methods.networks.rpnet import CHANNELS, STYLISED_LEVELS, LevelFeatures


class Distillation(nn.Module):
    """Adaptive average pooling to the teacher's size, then a learned linear projection to its channels.

    Args:
        channels: Channels of the teacher's taps; the last three count.
        means: Channel means of those three taps; the projections start there, which saves the first thousand steps.
        scales: Variance of those three taps; each loss is divided by it.
    """

    def __init__(self, channels: Sequence[int], means: Sequence[Tensor], scales: Sequence[float]) -> None:
        super().__init__()
        wide = channels[-STYLISED_LEVELS:]
        self.projections = nn.ModuleList(_projection(c, mean) for c, mean in zip(wide, means, strict=True))
        self.scales = tuple(scales)

    def forward(self, student: LevelFeatures, teacher: Sequence[Tensor]) -> Tensor:
        """Sum over the last three levels of the mean squared difference.

        Args:
            student: Encoder levels 3 to 5.
            teacher: Feature maps of all taps of the same pictures.
        """
        total = teacher[0].new_zeros(())
        wide = teacher[-STYLISED_LEVELS:]
        for projection, f, t, scale in zip(self.projections, student, wide, self.scales, strict=True):
            pooled = F.adaptive_avg_pool2d(f, t.shape[-2:])  # type: ignore[arg-type]
            total = total + F.mse_loss(projection(pooled), t) / scale
        return total


def _projection(channels: int, mean: Tensor) -> nn.Conv2d:
    layer = nn.Conv2d(CHANNELS, channels, 1)
    with torch.no_grad():
        if layer.bias is not None:
            layer.bias.copy_(mean)
    return layer


@torch.no_grad()
def tap_statistics(teacher: nn.Module, pictures: Tensor) -> tuple[list[Tensor], list[float]]:
    """Channel means and the overall variance of each tap on some pictures (B, 3, H, W; 0–1)."""
    features = teacher(pictures)
    means = [f.mean(dim=(0, 2, 3)) for f in features]
    scales = [float((f - f.mean(dim=(0, 2, 3), keepdim=True)).square().mean()) for f in features]
    return means, scales
