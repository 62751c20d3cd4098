"""What a perceptual network offers to a loss: a few named feature maps, no more computed than needed."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Features(nn.Module, ABC):
    """A frozen network seen through a few taps.

    Attributes:
        title: For people, in tables.
        taps: Names of the feature maps, shallow to deep.
        channels: Channels of each tap.
        content_tap: Index of the tap that stands for content.
    """

    title: str
    taps: tuple[str, ...]
    channels: tuple[int, ...]
    content_tap: int

    @abstractmethod
    def forward(self, x: Tensor, last: str | None = None) -> list[Tensor]:
        """Feature maps of pictures, each after its ReLU.

        Args:
            x: (B, 3, H, W), RGB, 0–1, any size; a side that the network would lose is repeated at its end.
            last: The deepest tap that is wanted; nothing beyond it is computed. ``None`` is all.

        Returns:
            One map for each tap, shallow to deep, up to `last`.
        """

    def count(self, last: str | None) -> int:
        """How many taps there are up to `last`."""
        return len(self.taps) if last is None else self.taps.index(last) + 1


def at_least(x: Tensor, side: int) -> Tensor:
    """Repeat the last row and column until no side is shorter than this."""
    missing = [max(side - length, 0) for length in x.shape[-2:]]
    return F.pad(x, (0, missing[1], 0, missing[0]), mode="replicate") if any(missing) else x


def freeze(module: nn.Module) -> None:
    """Put a teacher in evaluation mode and keep gradients out of its weights."""
    module.eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)


IMAGENET_MEAN = 0.485, 0.456, 0.406
"""Of ImageNet's photographs in encoded RGB, 0–1."""


def imagenet_normalise(x: Tensor) -> Tensor:
    """Subtract torchvision's ImageNet mean and divide by its deviation."""
    mean, std = (
        torch.tensor(values, dtype=x.dtype)[:, None, None].to(x.device, non_blocking=x.is_cuda)
        for values in (IMAGENET_MEAN, (0.229, 0.224, 0.225))
    )
    return (x - mean) / std
