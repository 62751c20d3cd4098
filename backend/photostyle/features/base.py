"""What a perceptual network offers to a loss: a few named feature maps, no more computed than needed."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
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
    def forward(self, x: Tensor) -> list[Tensor]:
        """Feature maps of x (B, 3, H, W; RGB, 0–1), one for each tap, after its ReLU."""


def freeze(module: nn.Module) -> None:
    """Put a teacher in evaluation mode and keep gradients out of its weights."""
    module.eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)


def imagenet_normalise(x: Tensor) -> Tensor:
    """Subtract torchvision's ImageNet mean and divide by its deviation."""
    mean, std = (
        torch.tensor(values, dtype=x.dtype)[:, None, None].to(x.device, non_blocking=x.is_cuda)
        for values in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    )
    return (x - mean) / std
