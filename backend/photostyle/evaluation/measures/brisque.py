"""BRISQUE: how far a picture's statistics are from those of pictures that people liked."""

from __future__ import annotations

import math
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.evaluation.measures.base import Measure
from photostyle.evaluation.measures.natural_scenes import eight_bit_grey, fit, local_contrast
from photostyle.evaluation.measures.parameters import read_parameters

_NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (-1, 1))
"""Right, below, and both diagonals: (down, right)."""

_SMALLEST = 16
"""Pixels a side, so that half of it is larger than the window."""


@cache
def _model() -> dict[str, Tensor]:
    return read_parameters("brisque")


def _neighbour(plane: Tensor, down: int, right: int) -> Tensor:
    """Each pixel's neighbour, 0 beyond the border."""
    height, width = plane.shape
    padded = F.pad(plane, (1, 1, 1, 1))
    return padded[1 + down : 1 + down + height, 1 + right : 1 + right + width]


def _features_of_scale(plane: Tensor) -> Tensor:
    normalised, _ = local_contrast(plane)
    products = [normalised * _neighbour(normalised, *step) for step in _NEIGHBOURS]
    found = fit(torch.stack([normalised, *products]).flatten(1))
    squares = found.left.square(), found.right.square()
    alone = torch.stack([found.alpha[0], (squares[0][0] + squares[1][0]) / 2])
    pairs = torch.stack([found.alpha, found.mean(), *squares], dim=1)[1:]
    return torch.cat([alone, pairs.flatten()])


def brisque_features(plane: Tensor) -> Tensor:
    """The 36 features of a grey plane (H, W), 0–255: 18 at full size and 18 at half, by cubic interpolation."""
    half = [side // 2 for side in plane.shape]
    smaller = F.interpolate(plane[None, None], size=half, mode="bicubic", align_corners=False)[0, 0]
    return torch.cat([_features_of_scale(plane), _features_of_scale(smaller)])


@torch.inference_mode()
def brisque(picture: Tensor) -> float:
    """BRISQUE (Mittal, Moorthy and Bovik 2012) with OpenCV's model, trained on the LIVE database.

    A support vector regression (RBF kernel) of features scaled to −1–1. Equal to OpenCV's ``QualityBRISQUE`` to a few
    hundredths; where large areas are flat it differs by up to some points, because there OpenCV fits the rounding of
    single precision, and this counts flat as flat. MATLAB's ``brisque``, and so Yang's table, has another model.

    Args:
        picture: (1, 3, H, W), encoded RGB, 0–1; seen as 8 bits.

    Returns:
        0 to 100, lower is better; good photographs have 0 to 30. nan where the picture is flat or under 16 pixels.
    """
    if min(picture.shape[-2:]) < _SMALLEST:
        return math.nan
    model = {name: value.double() for name, value in _model().items()}
    features = brisque_features(eight_bit_grey(picture).cpu())
    scaled = -1 + 2 * (features - model["low"]) / (model["high"] - model["low"])
    kernel = torch.exp(-model["gamma"] * (model["support_vectors"] - scaled).square().sum(1))
    score = float(model["coefficients"] @ kernel + model["intercept"])
    return score if math.isnan(score) else min(max(score, 0.0), 100.0)


BRISQUE = Measure(
    name="brisque",
    title="BRISQUE (OpenCV's model)",
    paper="Mittal, Moorthy and Bovik 2012",
    low=0.0,
    high=100.0,
    better="lower",
    compute=lambda sample: brisque(sample.output),
)
