"""The perceptual network that comes with the package: VGG's shape in small, distilled from large ones."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photostyle.features.base import Features

MODEL = "features.safetensors"
"""What its checkpoint is called in a folder of models."""
_STAGES = {
    "1": (16, 2),
    "2": (32, 2),
    "3": (64, 3),
    "4": (96, 3),
    "5": (128, 1),
}
"""Channels and convolutions between two poolings."""
_MEAN, _DEVIATION = 0.45, 0.25
"""Of all photographs' values, about."""


class EmbeddedFeatures(Features):
    """Taps relu1_1 to relu5_1, the first of each stage as in VGG-19, with 16, 32, 64, 96 and 128 channels.

    Averages are taken where VGG takes maxima: the gradients that an optimiser follows are smoother (Gatys et al. 2016).
    """

    title = "embedded network"
    taps = tuple(f"relu{stage}_1" for stage in _STAGES)
    channels = tuple(width for width, _ in _STAGES.values())
    content_tap = 3

    def __init__(self) -> None:
        super().__init__()
        inputs = (3, *self.channels)
        self.stages = nn.ModuleList(_stage(i, *stage) for i, stage in zip(inputs, _STAGES.values(), strict=False))

    @staticmethod
    def standardised(x: Tensor) -> Tensor:
        """Pictures (0–1) as the first convolution wants them."""
        return (x - _MEAN) / _DEVIATION

    def forward(self, x: Tensor, last: str | None = None) -> list[Tensor]:
        """Feature maps at 1, 1/2, 1/4, 1/8 and 1/16 of the size, each side rounded up."""
        x = self.standardised(x)
        found: list[Tensor] = []
        for tap, stage in zip(self.taps, self.stages, strict=True):
            if found:
                x = F.avg_pool2d(x, 2, ceil_mode=True)
            for number, layer in enumerate(cast(nn.Sequential, stage)):
                x = F.relu(layer(x))
                if number == 0:
                    found.append(x)
                    if tap == last:
                        return found
        return found


def _stage(inputs: int, outputs: int, count: int) -> nn.Sequential:
    sizes = (inputs, *(outputs for _ in range(count)))
    return nn.Sequential(*(_convolution(i, o) for i, o in pairwise(sizes)))


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    # Unlike mirroring, repeating the border works on pictures of one pixel.
    layer = nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="replicate")
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type] # it has one
    return layer


def load_embedded(state: Mapping[str, Tensor]) -> EmbeddedFeatures:
    """A network ready to look through, from the tensors of a checkpoint."""
    network = EmbeddedFeatures()
    network.load_state_dict({name: tensor.to(torch.float32) for name, tensor in state.items()})
    network.eval().requires_grad_(False)
    return network
