"""The high-resolution generator (Li et al. 2019): three branches in parallel that never give up full resolution."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photostyle.methods.networks.padding import padded


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    """No bias, for a normalisation takes it away again. Zeros at the border, as in the paper, would draw a frame."""
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, padding_mode="replicate", bias=False)


def _normalisation(channels: int) -> nn.InstanceNorm2d:
    return nn.InstanceNorm2d(channels, affine=True)


class Bottleneck(nn.Module):
    """1×1 → 3×3 → 1×1 with a quarter of the channels inside, and a 1×1 projection beside it; keeps the size."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        inner = outputs // 4
        self.path = nn.Sequential(
            _convolution(inputs, inner, 1),
            _normalisation(inner),
            nn.ReLU(),
            _convolution(inner, inner, 3),
            _normalisation(inner),
            nn.ReLU(),
            _convolution(inner, outputs, 1),
            _normalisation(outputs),
        )
        self.shortcut = nn.Sequential(_convolution(inputs, outputs, 1), _normalisation(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, h, w) ↦ (B, outputs, h, w)."""
        return F.relu(self.path(x) + self.shortcut(x))


class _Halving(nn.Sequential):
    """A strided 3×3 convolution; the network has no pooling."""

    def __init__(self, channels: int) -> None:
        super().__init__(_convolution(channels, channels, 3, 2), _normalisation(channels), nn.ReLU())


def _doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class HiresGenerator(nn.Module):
    """Full resolution all along; half and quarter resolution join it twice by concatenation.

    ::

        full     3 → 16 → 32 ─── 32 ──┬─ 64 ─── 64 ──┬─ 192 → 64 → 64 → 32 → 16 → 3
        half              └── 32 ─────┴─ 64 ─── 64 ──┤
        quarter                          └── 64 ─ 64 ┘

    Args:
        looks: Pictures to make at once; each has a last convolution of its own, which begins with nothing.
    """

    def __init__(self, looks: int = 1) -> None:
        super().__init__()
        self.first = nn.Sequential(Bottleneck(3, 16), Bottleneck(16, 32))
        self.halving = nn.ModuleList([_Halving(32), _Halving(32), _Halving(64)])
        self.second = nn.ModuleList([Bottleneck(32, 32), Bottleneck(32, 32)])
        self.third = nn.ModuleList([Bottleneck(64, 64), Bottleneck(64, 64), Bottleneck(64, 64)])
        self.last = nn.Sequential(Bottleneck(192, 64), Bottleneck(64, 64), Bottleneck(64, 32), Bottleneck(32, 16))
        self.heads = nn.Conv2d(16, 3 * looks, 3, padding=1, padding_mode="replicate")
        nn.init.zeros_(self.heads.weight)
        if self.heads.bias is not None:
            nn.init.zeros_(self.heads.bias)

    def forward(self, x: Tensor) -> Tensor:
        """A picture (1, 3, H, W; 0–1) of any size ↦ what is made of it for each look (looks, 3, H, W)."""
        out: Tensor = self.heads(self.last(self._fused(2 * padded(x) - 1)))
        return out.view(-1, 3, *out.shape[-2:])[..., : x.shape[2], : x.shape[3]]

    def _fused(self, x: Tensor) -> Tensor:
        """All three branches at full resolution, 192 channels."""
        full = self.first(x)
        half = self.second[1](self.halving[0](full))
        full = self.second[0](full)
        full, half = torch.cat([full, _doubled(half)], 1), torch.cat([self.halving[1](full), half], 1)
        quarter = self.third[2](self.halving[2](half))
        full, half = self.third[0](full), self.third[1](half)
        return torch.cat([full, _doubled(half), _doubled(_doubled(quarter))], 1)
