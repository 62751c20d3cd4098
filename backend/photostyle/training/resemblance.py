"""Which photographs of a folder resemble each other, as a perceptual network sees them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.training.photographs import Photographs

_CHUNK = 16


@torch.no_grad()
def neighbours(photographs: Photographs, teacher: Features, count: int, device: torch.device) -> Tensor:
    """The numbers (N, count) of the photographs nearest to each, by the mean of the teacher's deepest tap.

    The nearest is the photograph itself.
    """
    generator = torch.Generator().manual_seed(0)
    found = []
    for chunk in torch.arange(len(photographs.pictures)).split(_CHUNK):
        crops = torch.stack([photographs.crop_of(number, generator) for number in chunk.tolist()])
        found.append(teacher(crops.to(device))[-1].mean(dim=(2, 3)))
    described = torch.cat(found)
    described = F.normalize(described - described.mean(0), dim=1)
    nearest: Tensor = (described @ described.T).topk(min(count, len(described)), dim=1).indices
    return nearest.cpu()
