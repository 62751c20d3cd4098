"""How high a place lies in a scene, whatever its light: the chance that a random walk from there ends at the bottom.

The walk shuns edges and ends when it leaves the picture through its top or its bottom (Grady, "Random walks for image
segmentation", 2006). So a sky is near 0 down to the skyline and around every tower, and what stands on the ground is
near 1 up to its own top.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

_SHARPNESS = 60.0
"""How fast conductance falls with the squared difference of neighbours, in variances of the picture's colours."""
_LEAST = 1e-3
"""Conductance across the hardest edge: no place is cut off."""
_FLAT = 1e-3
"""Variance of colours, summed over the channels, under which a picture counts as flat."""
_ITERATIONS = 300
_ACCURACY = 1e-6
_TINY = 1e-20


class _Walk(NamedTuple):
    """Conductances between rows (1, 1, H − 1, W), between columns (1, 1, H, W − 1) and out of the picture (H, W)."""

    down: Tensor
    across: Tensor
    out: Tensor

    def outflow(self, height: Tensor) -> Tensor:
        """What leaves each place at these heights: L h, with L the Laplacian of the walk."""
        down, across = self.down * height.diff(dim=2), self.across * height.diff(dim=3)
        rows = F.pad(down, (0, 0, 1, 0)) - F.pad(down, (0, 0, 0, 1))
        return self.out * height + rows + F.pad(across, (1, 0)) - F.pad(across, (0, 1))

    def total(self) -> Tensor:
        """The diagonal of L."""
        rows = F.pad(self.down, (0, 0, 1, 0)) + F.pad(self.down, (0, 0, 0, 1))
        return self.out + rows + F.pad(self.across, (1, 0)) + F.pad(self.across, (0, 1))


def _walk(picture: Tensor) -> _Walk:
    variance = picture.flatten(2).var(dim=2, correction=0).sum().clamp_min(_FLAT)

    def conductance(dim: int) -> Tensor:
        squared = picture.diff(dim=dim).square().sum(1, keepdim=True)
        return torch.exp(-_SHARPNESS * squared / variance) + _LEAST

    out = torch.zeros_like(picture[:, :1])
    out[:, :, 0] += 1
    out[:, :, -1] += 1
    return _Walk(conductance(2), conductance(3), out)


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return (a * b).sum()


def harmonic_height(picture: Tensor) -> Tensor:
    """Solve L h = b, where b is 1 along the bottom row, by conjugate gradients with the diagonal as preconditioner.

    Args:
        picture: (1, 3, H, W), encoded RGB, small (a hundred pixels a side) and a little blurred.

    Returns:
        (1, 1, H, W) in 0–1.
    """
    walk = _walk(picture)
    total = walk.total()
    source = torch.zeros_like(total)
    source[:, :, -1] = 1
    height = torch.full_like(source, 0.5)
    residue = source - walk.outflow(height)
    scaled = residue / total
    step, size = scaled, _dot(residue, scaled)
    enough = _ACCURACY * size
    for _ in range(_ITERATIONS):
        if bool(size <= enough):
            break
        flow = walk.outflow(step)
        length = size / _dot(step, flow).clamp_min(_TINY)
        height = height + length * step
        residue = residue - length * flow
        scaled = residue / total
        before, size = size, _dot(residue, scaled)
        step = scaled + size / before * step
    return height.clamp(0, 1)
