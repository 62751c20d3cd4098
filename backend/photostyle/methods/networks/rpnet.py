"""The resolution-preserving network of REST: never pools, never upsamples, sixteen channels throughout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from photostyle.ops.adain import FeatureMap, blend

CHANNELS = 16
STYLISED_LEVELS = 3
"""The style acts on the last three of the five levels."""
RECEPTIVE_RADIUS = 10
"""Ten 3×3 convolutions in a row: a pixel of the output sees this far."""


class LevelFeatures(NamedTuple):
    """Features of encoder levels 3, 4 and 5, each (B, 16, H, W)."""

    level3: Tensor
    level4: Tensor
    level5: Tensor


class RPConvBlock(nn.Sequential):
    """Replication pad and 3×3 convolution, batch norm, ReLU, 1×1 convolution; keeps the size."""

    def __init__(self, inputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, CHANNELS, 3, padding=1, padding_mode="replicate", bias=False),
            nn.BatchNorm2d(CHANNELS),
            nn.ReLU(inplace=True),
            nn.Conv2d(CHANNELS, CHANNELS, 1),
        )


def _decoder_convolution(inputs: int, outputs: int = CHANNELS) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="replicate")


class RPEncoder(nn.Module):
    """Five RPConvBlocks at full resolution."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(RPConvBlock(3 if i == 0 else CHANNELS) for i in range(5))

    def forward(self, x: Tensor) -> LevelFeatures:
        """Features of x (B, 3, H, W; 0–1) at levels 3 to 5."""
        levels = []
        for block in self.blocks:
            x = block(x)
            levels.append(x)
        return LevelFeatures(*levels[-STYLISED_LEVELS:])


class RPDecoder(nn.Module):
    """Mirrors the encoder with 3×3 convolutions and ReLU; levels 4 and 3 join by concatenation."""

    def __init__(self) -> None:
        super().__init__()
        self.level5 = _decoder_convolution(CHANNELS)
        self.level4 = _decoder_convolution(2 * CHANNELS)
        self.level3 = _decoder_convolution(2 * CHANNELS)
        self.level2 = _decoder_convolution(CHANNELS)
        self.level1 = _decoder_convolution(CHANNELS, 3)

    def forward(self, features: LevelFeatures) -> Tensor:
        """Decode stylised features to (B, 3, H, W); the last convolution has no ReLU, colours may go either way."""
        x = torch.relu(self.level5(features.level5))
        x = torch.relu(self.level4(torch.cat([x, features.level4], dim=1)))
        x = torch.relu(self.level3(torch.cat([x, features.level3], dim=1)))
        x = torch.relu(self.level2(x))
        out: Tensor = self.level1(x)
        return out


RegionMaps = Sequence[Sequence[FeatureMap]]
"""For each level (3, 4, 5), for each region: what takes its features to the style's statistics."""


class RPNet(nn.Module):
    """Encoder, regional maps of levels 3 to 5, decoder.

    The decoder's output is the picture (the paper's form) or what is added to a colour-matched one (the default form).
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = RPEncoder()
        self.decoder = RPDecoder()

    def decode(self, features: LevelFeatures, maps: RegionMaps, weights: Sequence[Tensor]) -> Tensor:
        """Stylise the features region by region and decode them.

        Args:
            features: Of the content.
            maps: For each level and region.
            weights: Region weights (B, 1, H, W) that sum to 1 at every pixel.
        """
        stylised = [blend(f, m, weights) for f, m in zip(features, maps, strict=True)]
        out: Tensor = self.decoder(LevelFeatures(*stylised))
        return out

    def residual(self, features: LevelFeatures, maps: RegionMaps, weights: Sequence[Tensor]) -> Tensor:
        """What the stylised features decode to beyond the content's own: nothing, where the statistics are equal."""
        own: Tensor = self.decoder(features)
        return self.decode(features, maps, weights) - own
