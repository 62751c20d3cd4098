"""Photographs as the engine sees them, and how far two pictures are apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def tensor(photograph: NDArray[Any], height: int, width: int) -> Tensor:
    """A photograph (H, W, 3; uint8) thinned to (1, 3, height, width; 0–1)."""
    step = max(1, min(photograph.shape[0] // height, photograph.shape[1] // width))
    return torch.from_numpy(thinned(photograph, step, height, width).astype(np.float32) / 255).permute(2, 0, 1)[None]


def thinned(photograph: NDArray[Any], step: int, height: int, width: int) -> NDArray[Any]:
    """Every `step`-th pixel, from the top left, (height, width, 3); a copy of its own."""
    return photograph[::step, ::step][:height, :width].copy()


def psnr(a: NDArray[Any], b: NDArray[Any], full: float = 255.0) -> float:
    """Peak signal to noise in dB; 200 for equal pictures."""
    error = float(np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2))
    return 200.0 if error == 0 else float(10 * np.log10(full**2 / error))


def gradient(height: int, width: int) -> Tensor:
    """A soft weight that rises from left to right, (1, 1, H, W; 0–1)."""
    return torch.linspace(0, 1, width).expand(1, 1, height, width).clone()
