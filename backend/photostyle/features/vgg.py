"""VGG (Simonyan and Zisserman 2014) with torchvision's own ImageNet weights, read from a file."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import torch
from safetensors import safe_open
from torch import Tensor, nn

from photostyle.features.base import Features, at_least, freeze, imagenet_normalise

_WIDTHS = (64, 128, 256, 512, 512)
_LEAST_SIDE = 16
"""Four poolings leave one pixel."""


class Vgg(Features):
    """Taps relu1_1 to relu5_1 with 64, 128, 256, 512 and 512 channels; nothing deeper is made.

    The layers stand at the numbers that they have in torchvision's ``features``.

    Args:
        path: A safetensors file with torchvision's names (``features.0.weight`` …).

    Attributes:
        blocks: Convolutions between two poolings.
    """

    blocks: ClassVar[tuple[int, ...]]
    taps = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
    channels = _WIDTHS
    content_tap = 3

    def __init__(self, path: Path) -> None:
        super().__init__()
        starts = [sum(2 * count + 1 for count in self.blocks[:block]) for block in range(len(self.blocks))]
        self._tapped = frozenset(start + 1 for start in starts)
        with torch.device("meta"):
            self.layers = nn.Sequential(*_layers(self.blocks)[: starts[-1] + 2])
        self.layers.load_state_dict(_convolutions(path, starts[-1]), assign=True)
        freeze(self)

    def forward(self, x: Tensor, last: str | None = None) -> list[Tensor]:
        """Five feature maps at full to a sixteenth of the size."""
        x = imagenet_normalise(at_least(x, _LEAST_SIDE))
        found: list[Tensor] = []
        wanted = self.count(last)
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if index in self._tapped:
                found.append(x)
            if len(found) == wanted:
                break
        return found


class Vgg19(Vgg):
    """Configuration E of the paper."""

    title = "VGG-19"
    blocks = (2, 2, 4, 4, 4)


class Vgg16(Vgg):
    """Configuration D of the paper."""

    title = "VGG-16"
    blocks = (2, 2, 3, 3, 3)


def _layers(blocks: tuple[int, ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    inputs = 3
    for count, width in zip(blocks, _WIDTHS, strict=True):
        for _ in range(count):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    return layers


def _convolutions(path: Path, last: int) -> dict[str, Tensor]:
    """The tensors of ``features`` up to layer `last`; the classifier, six sevenths of a whole file, is not read."""
    with safe_open(path, "pt") as file:
        wanted = [key for key in file.keys() if key.startswith("features.") and int(key.split(".")[1]) <= last]  # noqa: SIM118
        return {key.removeprefix("features."): file.get_tensor(key).float() for key in wanted}
