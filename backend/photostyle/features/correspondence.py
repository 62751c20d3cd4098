"""A small network that tells which places of two photographs show the same thing, whatever their grade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PLACE_CHANNELS = 32
KIND_CHANNELS = 48
STRIDE = 8
"""Pixels of the picture to one of the maps."""
_WIDTHS = (24, 48, 64)
_KIND_WIDTH = 96


class Correspondence(NamedTuple):
    """Unit vectors for each place of a picture.

    Attributes:
        place: Alike where two pictures show the same spot of one scene, (B, 32, h, w).
        kind: Alike where they show the same sort of thing: sky, foliage, masonry…, (B, 48, h, w).
    """

    place: Tensor
    kind: Tensor


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(_convolution(width, width), nn.ReLU(inplace=True), _convolution(width, width))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.body(x))


def _convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, padding=1, padding_mode="replicate", bias=False),
        nn.BatchNorm2d(outputs),
    )


def _stage(inputs: int, outputs: int, blocks: int) -> nn.Sequential:
    """Half the size, then residual blocks."""
    down = nn.Sequential(_convolution(inputs, outputs, stride=2), nn.ReLU(inplace=True))
    return nn.Sequential(down, *(_Residual(outputs) for _ in range(blocks)))


class CorrespondenceNet(nn.Module):
    """Four stages, each of half the size; places are told at the third, kinds at the fourth."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = _WIDTHS
        self.trunk = nn.Sequential(_stage(3, first, 0), _stage(first, second, 1), _stage(second, third, 2))
        self.place = nn.Conv2d(third, PLACE_CHANNELS, 1)
        self.deep = _stage(third, _KIND_WIDTH, 3)
        self.kind = nn.Conv2d(_KIND_WIDTH, KIND_CHANNELS, 1)

    def forward(self, x: Tensor) -> Correspondence:
        """Describe pictures (B, 3, H, W; 0–1), both sides at least 16 pixels."""
        shallow = self.trunk(_standardised(x))
        place = self._place(shallow)
        # Under mixed precision the maps come in half of the digits; lengths and products want all of them.
        kind = self.kind(self.deep(shallow)).float()
        kind = F.interpolate(kind, size=place.shape[-2:], mode="bilinear", align_corners=False)
        return Correspondence(place, F.normalize(kind, dim=1))

    def places(self, x: Tensor) -> Tensor:
        """Only the places, at a third of the work."""
        return self._place(self.trunk(_standardised(x)))

    def _place(self, shallow: Tensor) -> Tensor:
        return F.normalize(self.place(shallow).float(), dim=1)


def _standardised(x: Tensor) -> Tensor:
    """Mean 0 and deviation 1 for each channel of each picture: exposure and white balance are gone."""
    mean = x.mean(dim=(2, 3), keepdim=True)
    return (x - mean) / torch.sqrt((x - mean).square().mean(dim=(2, 3), keepdim=True) + 1e-4)


def load_correspondence(state: Mapping[str, Tensor], device: torch.device) -> CorrespondenceNet:
    """A network ready to run from the tensors of a checkpoint."""
    network = CorrespondenceNet()
    network.load_state_dict(dict(state))
    network.eval().requires_grad_(False)
    return network.to(device)
