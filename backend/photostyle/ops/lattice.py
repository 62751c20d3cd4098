"""A map of all colours as its values on a lattice in the RGB cube: what a LUT file holds."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def lattice_colors(size: int, device: torch.device) -> Tensor:
    """The colours at the nodes, (1, 3, 1, size³), 0–1; red changes fastest, as in a .cube file."""
    steps = torch.linspace(0, 1, size, device=device)
    blue, green, red = torch.meshgrid(steps, steps, steps, indexing="ij")
    return torch.stack([red, green, blue]).view(1, 3, 1, -1)


def as_lattice(values: Tensor) -> Tensor:
    """Values (1, 3, 1, size³) in the order of `lattice_colors` as a lattice (3, blue, green, red)."""
    size = round(values.shape[-1] ** (1 / 3))
    return values.reshape(3, size, size, size)


def look_up(lattice: Tensor, colors: Tensor) -> Tensor:
    """Trilinear values of a lattice (3, size, size, size) at colours (1, 3, H, W); beyond 0–1, the border's."""
    places = (colors[0].permute(1, 2, 0) * 2 - 1)[None, None]
    found: Tensor = F.grid_sample(lattice[None], places, mode="bilinear", padding_mode="border", align_corners=True)
    return found[:, :, 0]
