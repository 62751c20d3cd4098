"""A small network distilled from VGG-19's first four levels (Chiu and Gurari, CVPR 2022)."""

from __future__ import annotations

from pathlib import Path

import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from photostyle.features.base import Features, at_least, freeze

_LAYERS = {
    "conv1_1": (3, 10),
    "conv1_2": (10, 10),
    "conv2_1": (10, 20),
    "conv2_2": (20, 20),
    "conv3_1": (20, 58),
    "conv3_2": (58, 58),
    "conv3_3": (58, 58),
    "conv3_4": (58, 58),
    "conv4_1": (58, 64),
}
_POOL_AFTER = frozenset({"conv1_2", "conv2_2", "conv3_4"})
_LEAST_SIDE = 16
"""Three poolings leave two pixels, which is what it takes to reflect one."""


class DistilledVgg(Features):
    """Taps relu1_1, relu2_1, relu3_1 and relu4_1 with 10, 20, 58 and 64 channels.

    Args:
        path: A safetensors file with ``<layer>.weight`` and ``<layer>.bias`` for each convolution and ``preprocess``.
    """

    title = "distilled VGG-19"
    taps = ("conv1_1", "conv2_1", "conv3_1", "conv4_1")
    channels = (10, 20, 58, 64)
    content_tap = 3

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.preprocess = nn.Conv2d(3, 3, 1)
        self.layers = nn.ModuleDict({name: nn.Conv2d(i, o, 3) for name, (i, o) in _LAYERS.items()})
        self._load(path)
        freeze(self)

    def _load(self, path: Path) -> None:
        tensors = {k: v for k, v in load_file(path).items() if not k.startswith("eigenbasis")}
        named = {k if k.startswith("preprocess") else f"layers.{k}": v for k, v in tensors.items()}
        self.load_state_dict(named)

    def forward(self, x: Tensor, last: str | None = None) -> list[Tensor]:
        """Four feature maps at full, half, quarter and eighth size."""
        x = self.preprocess(at_least(x, _LEAST_SIDE))
        found: list[Tensor] = []
        wanted = self.count(last)
        for name, layer in self.layers.items():
            x = F.relu(layer(F.pad(x, (1, 1, 1, 1), mode="reflect")))
            if name in self.taps:
                found.append(x)
            if len(found) == wanted:
                break
            if name in _POOL_AFTER:
                x = F.max_pool2d(x, 2)
        return found
