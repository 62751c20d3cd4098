"""Random walks over a picture that shun its edges (Grady, "Random walks for image segmentation", 2006).

Where a walk ends says what a pixel belongs to, whatever the light: a sky ends at the top of the picture, by day and by
night, between the towers too; and what stands on the ground ends at the bottom.
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
    """How easily the walk goes down (1, 1, H − 1, W), across (1, 1, H, W − 1), and comes to its end (1, 1, H, W)."""

    down: Tensor
    across: Tensor
    end: Tensor

    def outflow(self, x: Tensor) -> Tensor:
        """L x, with L the Laplacian of the walk."""
        down, across = self.down * x.diff(dim=2), self.across * x.diff(dim=3)
        rows = F.pad(down, (0, 0, 1, 0)) - F.pad(down, (0, 0, 0, 1))
        return self.end * x + rows + F.pad(across, (1, 0)) - F.pad(across, (0, 1))

    def total(self) -> Tensor:
        """The diagonal of L."""
        rows = F.pad(self.down, (0, 0, 1, 0)) + F.pad(self.down, (0, 0, 0, 1))
        return self.end + rows + F.pad(self.across, (1, 0)) + F.pad(self.across, (0, 1))


def harmonic_height(picture: Tensor) -> Tensor:
    """The chance that the walk from a pixel leaves the picture through its bottom, and not through its top.

    Args:
        picture: (1, 3, H, W), encoded RGB, small (a hundred pixels a side) and a little blurred.

    Returns:
        (1, 1, H, W) in 0–1.
    """
    top, bottom = torch.zeros((2, *picture[:, :1].shape), device=picture.device)
    top[:, :, 0] = 1
    bottom[:, :, -1] = 1
    return _solved(_walk(picture, top + bottom), bottom).clamp(0, 1)


def walk_mean(values: Tensor, picture: Tensor, reach: float) -> Tensor:
    """The mean of what lies where the walk ends, when it may end anywhere: smooth, but not across edges.

    Args:
        values: (1, C, H, W).
        picture: (1, 3, H, W), as for `harmonic_height`.
        reach: Where nothing is in the way the walk goes about as many pixels as the root of this.

    Returns:
        (1, C, H, W), within the range of the values.
    """
    end = torch.full_like(picture[:, :1], 1 / reach)
    return _solved(_walk(picture, end), values / reach)


def _walk(picture: Tensor, end: Tensor) -> _Walk:
    variance = picture.flatten(2).var(dim=2, correction=0).sum().clamp_min(_FLAT)

    def conductance(dim: int) -> Tensor:
        squared = picture.diff(dim=dim).square().sum(1, keepdim=True)
        return torch.exp(-_SHARPNESS * squared / variance) + _LEAST

    return _Walk(conductance(2), conductance(3), end)


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return (a * b).sum((2, 3), keepdim=True)


def _solved(walk: _Walk, source: Tensor) -> Tensor:
    """Solve L x = source, each channel by itself: conjugate gradients, with the diagonal as preconditioner."""
    total = walk.total()
    x = source.sum((2, 3), keepdim=True) / walk.end.sum() + torch.zeros_like(source)
    residue = source - walk.outflow(x)
    scaled = residue / total
    step, size = scaled, _dot(residue, scaled)
    enough = _ACCURACY * size
    for _ in range(_ITERATIONS):
        if bool((size <= enough).all()):
            break
        flow = walk.outflow(step)
        length = size / _dot(step, flow).clamp_min(_TINY)
        x = x + length * step
        residue = residue - length * flow
        scaled = residue / total
        before, size = size, _dot(residue, scaled)
        step = scaled + size / before.clamp_min(_TINY) * step
    return x
