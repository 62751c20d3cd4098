"""NIQE: how far a picture's statistics are from those of pristine photographs, without anybody's opinion."""

from __future__ import annotations

import math
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.measures.natural_scenes import eight_bit_grey, fit, local_contrast
from photostyle.evaluation.measures.parameters import read_parameters

BLOCK = 96
"""Side of the blocks whose features are compared, in pixels of the full size."""

_NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (1, -1))
_HALF_CUBIC = (-0.01171875, -0.03515625, 0.11328125, 0.43359375)
"""Keys' cubic stretched to twice its width, at 3.5, 2.5, 1.5 and 0.5 pixels: MATLAB's ``imresize`` to a half."""


@cache
def _pristine() -> dict[str, Tensor]:
    return read_parameters("niqe")


def _mirrored(plane: Tensor, by: int) -> Tensor:
    """Rows beyond the border mirrored, the outermost row twice."""
    return torch.cat([plane[:by].flip(0), plane, plane[-by:].flip(0)])


def halved(plane: Tensor) -> Tensor:
    """A plane (H, W) of even sides at half the size, as MATLAB's ``imresize`` makes it: cubic, without aliases."""
    taps = torch.tensor((*_HALF_CUBIC, *reversed(_HALF_CUBIC)), dtype=plane.dtype, device=plane.device)
    padded = _mirrored(_mirrored(plane, 3).T, 3).T[None, None]
    down = F.conv2d(padded, taps.view(1, 1, -1, 1), stride=(2, 1))
    return F.conv2d(down, taps.view(1, 1, 1, -1), stride=(1, 2))[0, 0]


def _blocks(plane: Tensor, side: int) -> Tensor:
    """(B, side, side)."""
    return plane.unfold(0, side, side).unfold(1, side, side).flatten(0, 1)


def _features_of_scale(plane: Tensor, side: int) -> Tensor:
    """(B, 18): of each block; neighbours are taken around the block's border."""
    blocks = _blocks(local_contrast(plane).normalised, side)
    products = [blocks * blocks.roll(step, (1, 2)) for step in _NEIGHBOURS]
    features = []
    for number, values in enumerate((blocks, *products)):
        found = fit(values.flatten(1))
        left, right = found.left * found.scale(), found.right * found.scale()
        features += [found.alpha, (left + right) / 2] if number == 0 else [found.alpha, found.mean(), left, right]
    return torch.stack(features, dim=1)


def niqe_features(plane: Tensor) -> Tensor:
    """The features (B, 36) of all whole blocks of a grey plane (H, W), 0–255, at full and half size."""
    height, width = (side // BLOCK * BLOCK for side in plane.shape)
    whole = plane[:height, :width]
    return torch.cat([_features_of_scale(whole, BLOCK), _features_of_scale(halved(whole), BLOCK // 2)], dim=1)


def _covariance(features: Tensor) -> Tensor:
    """Of the blocks that have every feature; 0 for a single one."""
    rows = features[features.isfinite().all(1)]
    return torch.cov(rows.T) if len(rows) > 1 else torch.zeros_like(_pristine()["covariance"])


@torch.inference_mode()
def niqe(picture: Tensor) -> float:
    """NIQE (Mittal, Soundararajan and Bovik 2013) with the authors' parameters (125 photographs, blocks of 96).

    √((ν₁ − ν₂)ᵀ ((Σ₁ + Σ₂) / 2)⁻¹ (ν₁ − ν₂)) between the Gaussians of the pristine photographs' features and of this
    picture's blocks. As the authors' release computes it; MATLAB's own ``niqe`` has other parameters, and so do the
    figures in Yang's table.

    Args:
        picture: (1, 3, H, W), encoded RGB, 0–1; seen as 8 bits.

    Returns:
        0 and up, lower is better; good photographs have 2 to 5. nan where no block of 96 × 96 fits in, or all are flat.
    """
    if min(picture.shape[-2:]) < BLOCK:
        return math.nan
    features = niqe_features(eight_bit_grey(picture).cpu())
    difference = _pristine()["mean"] - features.nanmean(0)
    if not difference.isfinite().all():
        return math.nan
    inverse = torch.linalg.pinv((_pristine()["covariance"] + _covariance(features)) / 2)
    return math.sqrt(max(0.0, float(difference @ inverse @ difference)))


NIQE = Measure(
    name="niqe",
    title="NIQE (the authors' parameters)",
    paper="Mittal, Soundararajan and Bovik 2013",
    low=0.0,
    high=math.inf,
    better="lower",
    compute=lambda sample: niqe(sample.output),
)
