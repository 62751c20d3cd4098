"""SqueezeNet 1.0 (Iandola et al. 2016) as a perceptual network."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from photostyle.features.base import Features, at_least, freeze

_FIRES = {
    "fire2": (3, 96, 16, 64),
    "fire3": (4, 128, 16, 64),
    "fire4": (5, 128, 32, 128),
    "fire5": (7, 256, 32, 128),
    "fire6": (8, 256, 48, 192),
    "fire7": (9, 384, 48, 192),
    "fire8": (10, 384, 64, 256),
    "fire9": (12, 512, 64, 256),
}
"""Name: index in torchvision's ``features``, input, squeeze and expand channels."""
_POOL_BEFORE = frozenset({"fire2", "fire5", "fire9"})
_LEAST_SIDE = 21
"""What the first layer and three poolings without padding leave one pixel of."""
_BGR_MEAN = (104.0, 117.0, 123.0)
"""The network was trained in Caffe: BGR, 0–255, this mean subtracted."""


class _Fire(nn.Module):
    def __init__(self, inputs: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.expand1x1(x)), F.relu(self.expand3x3(x))], dim=1)


class SqueezeNet(Features):
    """Taps relu_conv1, fire3, fire5 and fire9 with 96, 128, 256 and 512 channels.

    Args:
        path: A safetensors file with torchvision's names (``features.0.weight`` …).
    """

    title = "SqueezeNet 1.0"
    taps = ("conv1", "fire3", "fire5", "fire9")
    channels = (96, 128, 256, 512)
    content_tap = 2

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 7, stride=2)
        self.fires = nn.ModuleDict({name: _Fire(*sizes) for name, (_, *sizes) in _FIRES.items()})
        self._load(path)
        freeze(self)

    def _load(self, path: Path) -> None:
        prefixes = {"features.0.": "conv1."} | {f"features.{i}.": f"fires.{n}." for n, (i, *_) in _FIRES.items()}
        named = {}
        for key, value in load_file(path).items():
            for old, new in prefixes.items():
                if key.startswith(old):
                    named[key.replace(old, new, 1)] = value.float()
        self.load_state_dict(named)

    def forward(self, x: Tensor, last: str | None = None) -> list[Tensor]:
        """Four feature maps at a half, a quarter, an eighth and a sixteenth of the size."""
        mean = torch.tensor(_BGR_MEAN, device=x.device, dtype=x.dtype)
        x = F.relu(self.conv1(at_least(x, _LEAST_SIDE)[:, [2, 1, 0]] * 255 - mean[:, None, None]))
        found = [x]
        wanted = self.count(last)
        for name, fire in self.fires.items():
            if len(found) == wanted:
                break
            if name in _POOL_BEFORE:
                x = F.max_pool2d(x, 3, stride=2, ceil_mode=True)
            x = fire(x)
            if name in self.taps:
                found.append(x)
        return found
