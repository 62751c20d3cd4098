"""The curve of sRGB (IEC 61966-2-1), odd and defined beyond 0–1, so that no value is lost."""

from __future__ import annotations

import torch
from torch import Tensor


def linearise(x: Tensor) -> Tensor:
    """Linear light of encoded values, any shape."""
    curve = ((x.abs() + 0.055) / 1.055).pow(2.4) * x.sign()
    return torch.where(x.abs() <= 0.04045, x / 12.92, curve)


def encode(x: Tensor) -> Tensor:
    """Undo `linearise`."""
    # The root's slope at 0 is infinite, and would reach the gradient even where the line is taken.
    curve = (1.055 * x.abs().clamp_min(0.0031308).pow(1 / 2.4) - 0.055) * x.sign()
    return torch.where(x.abs() <= 0.0031308, x * 12.92, curve)
