"""What sort of thing a place shows, as a perceptual network sees it: the target of the `kind` vectors."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.features.correspondence import KIND_CHANNELS

_DEEP_TAPS = 2
_WHITENING = 0.5
"""Power of the deviation that each principal direction is divided by: 0 keeps the strongest, 1 makes all alike."""
_CELL = 16


class Kinds:
    """Unit vectors of the teacher's two deepest taps in their principal directions.

    Args:
        teacher: A perceptual network.
        pictures: Photographs (B, 3, H, W; 0–1) on which the directions are found.
    """

    def __init__(self, teacher: Features, pictures: Tensor) -> None:
        self._teacher = teacher
        taps = self._taps(pictures)
        self._means = [t.mean(dim=(0, 2, 3), keepdim=True) for t in taps]
        self._stds = [t.std(dim=(0, 2, 3), keepdim=True) + 1e-6 for t in taps]
        flat = self._joined(taps).movedim(1, 0).flatten(1)
        values, vectors = torch.linalg.eigh(flat @ flat.T / flat.shape[1])
        strongest = vectors[:, -KIND_CHANNELS:] / values[-KIND_CHANNELS:].pow(_WHITENING / 2)
        self._directions = strongest.T[:, :, None, None].contiguous()

    def _taps(self, pictures: Tensor) -> list[Tensor]:
        size = [side // _CELL for side in pictures.shape[-2:]]
        return [F.adaptive_avg_pool2d(f.float(), size) for f in self._teacher(pictures)[-_DEEP_TAPS:]]  # type: ignore[arg-type]

    def _joined(self, taps: Sequence[Tensor]) -> Tensor:
        """Standardised taps, each with the same weight, averaged over 3×3 cells: kinds are matters of texture."""
        standard = [(t - m) / (s * t.shape[1] ** 0.5) for t, m, s in zip(taps, self._means, self._stds, strict=True)]
        return F.avg_pool2d(torch.cat(standard, dim=1), 3, 1, padding=1, count_include_pad=False)

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> Tensor:
        """(B, 48, H/16, W/16) unit vectors of pictures (B, 3, H, W; 0–1)."""
        return F.normalize(F.conv2d(self._joined(self._taps(pictures)), self._directions).float(), dim=1)
