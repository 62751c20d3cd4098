"""CIE L*a*b* under D65 from sRGB-encoded colour and back, defined beyond 0–1 too."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.small_algebra import like
from photostyle.ops.srgb_curve import encode, linearise

_RGB_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
"""Linear sRGB to XYZ (IEC 61966-2-1)."""
_WHITE = (0.95047, 1.0, 1.08883)
_DELTA = 6 / 29


def _scaled() -> Tensor:
    """`_RGB_TO_XYZ` with white at 1, in float64."""
    return torch.tensor(_RGB_TO_XYZ, dtype=torch.float64) / torch.tensor(_WHITE, dtype=torch.float64)[:, None]


def _matrix(x: Tensor) -> Tensor:
    return like(_scaled(), x)


def rgb_to_lab(rgb: Tensor) -> Tensor:
    """Lab (B, 3, H, W; L 0–100, a and b about ±100) of sRGB-encoded colours (B, 3, H, W; 0–1 and beyond)."""
    xyz = torch.einsum("ij,bjhw->bihw", _matrix(rgb), linearise(rgb))
    root = xyz.clamp_min(_DELTA**3).pow(1 / 3)
    f = torch.where(xyz > _DELTA**3, root, xyz / (3 * _DELTA**2) + 4 / 29)
    x, y, z = f.split(1, dim=1)
    return torch.cat([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=1)


def lab_to_rgb(lab: Tensor) -> Tensor:
    """Undo `rgb_to_lab`."""
    lightness, a, b = lab.split(1, dim=1)
    y = (lightness + 16) / 116
    f = torch.cat([y + a / 500, y, y - b / 200], dim=1)
    xyz = torch.where(f > _DELTA, f.pow(3), 3 * _DELTA**2 * (f - 4 / 29))
    inverse = like(torch.linalg.inv(_scaled().to(lab.dtype).double()), lab)
    return encode(torch.einsum("ij,bjhw->bihw", inverse, xyz))
