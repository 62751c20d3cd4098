"""Random weights of the exact shape of VGG, under torchvision's names: its own cannot be had everywhere."""

from __future__ import annotations

import torch
from torch import Tensor

LAYERS = {
    "vgg19": {0: (3, 64), 2: (64, 64), 5: (64, 128), 7: (128, 128), 10: (128, 256), 12: (256, 256), 14: (256, 256),
              16: (256, 256), 19: (256, 512), 21: (512, 512), 23: (512, 512), 25: (512, 512), 28: (512, 512),
              30: (512, 512), 32: (512, 512), 34: (512, 512)},
    "vgg16": {0: (3, 64), 2: (64, 64), 5: (64, 128), 7: (128, 128), 10: (128, 256), 12: (256, 256), 14: (256, 256),
              17: (256, 512), 19: (512, 512), 21: (512, 512), 24: (512, 512), 26: (512, 512), 28: (512, 512)},
}  # fmt: skip
"""Number in torchvision's ``features``: inputs and outputs."""


def convolution(name: str, inputs: int, outputs: int, side: int) -> dict[str, Tensor]:
    """Random weight and bias that keep the size of what passes."""
    scale = (2 / (inputs * side * side)) ** 0.5
    return {
        f"{name}.weight": torch.randn(outputs, inputs, side, side) * scale,
        f"{name}.bias": torch.randn(outputs) * 0.1,
    }


def vgg_state(name: str) -> dict[str, Tensor]:
    """All convolutions, and a little of the classifier."""
    state = {"classifier.0.bias": torch.zeros(4096)}
    for index, (inputs, outputs) in LAYERS[name].items():
        state |= convolution(f"features.{index}", inputs, outputs, 3)
    return state
