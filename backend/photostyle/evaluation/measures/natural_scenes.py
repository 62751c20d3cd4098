"""Statistics that photographs share whatever they show, and that distortions disturb (Mittal et al. 2012).

Both BRISQUE and NIQE see an 8-bit grey picture, divide each pixel's difference from its surroundings by their
contrast, and fit an asymmetric generalised Gaussian to the result and to products of neighbours.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

_GREY = (0.299, 0.587, 0.114)
"""Rec. 601, as MATLAB's and OpenCV's conversions have it."""

_TAPS, _SIGMA = 7, 7 / 6
_FINEST, _STEPS = 0.001, 9801
_SMALLEST = 0.2
_NOISE = 1e-6
"""Rounding leaves less than this of a flat area, which would else count as negative or positive at random."""


class Contrast(NamedTuple):
    """A plane (H, W), normalised: (x − μ) / (σ + 1); and its local deviation σ."""

    normalised: Tensor
    deviation: Tensor


class Fit(NamedTuple):
    """Asymmetric generalised Gaussians, one for each row of what was fitted.

    Attributes:
        alpha: Shape, 0.2–10; 2 is a Gaussian.
        left: Standard deviation of the negative values.
        right: Of the positive ones.
    """

    alpha: Tensor
    left: Tensor
    right: Tensor

    def scale(self) -> Tensor:
        """√(Γ(1/α) / Γ(3/α)): deviation to the distribution's own width β."""
        return (0.5 * (torch.lgamma(1 / self.alpha) - torch.lgamma(3 / self.alpha))).exp()

    def mean(self) -> Tensor:
        """(βr − βl) Γ(2/α) / Γ(1/α)."""
        ratio = (torch.lgamma(2 / self.alpha) - torch.lgamma(1 / self.alpha)).exp()
        return (self.right - self.left) * self.scale() * ratio


def eight_bit_grey(picture: Tensor) -> Tensor:
    """A picture (1, 3, H, W), 0–1, as its grey plane (H, W), whole numbers 0–255 in float64."""
    eight = (picture[0].double() * 255).round().clamp(0, 255)
    weights = torch.tensor(_GREY, dtype=torch.float64, device=picture.device)
    return torch.einsum("c,chw->hw", weights, eight).round()


def local_contrast(plane: Tensor) -> Contrast:
    """Divisive normalisation of a plane (H, W), 0–255; Gaussian window of 7 × 7, σ 7/6, border repeated."""
    mean = _blurred(plane)
    deviation = (_blurred(plane * plane) - mean * mean).clamp_min(0).sqrt()
    difference = plane - mean
    difference[difference.abs() < _NOISE] = 0
    return Contrast(difference / (deviation + 1), deviation)


def _blurred(plane: Tensor) -> Tensor:
    x = torch.arange(_TAPS, dtype=torch.float64, device=plane.device) - _TAPS // 2
    weights = torch.exp(-(x**2) / (2 * _SIGMA**2))
    weights = weights / weights.sum()
    padded = F.pad(plane[None, None], (_TAPS // 2,) * 4, mode="replicate")
    return F.conv2d(F.conv2d(padded, weights.view(1, 1, -1, 1)), weights.view(1, 1, 1, -1))[0, 0]


def fit(values: Tensor) -> Fit:
    """Fit each row of values (B, N) by its moments (Lasmar et al. 2009), the shape to 0.001.

    A row without negative or without positive values has nan for that deviation.
    """
    squares = values.square()
    left, right = (torch.sqrt((squares * side).sum(1) / side.sum(1)) for side in (values < 0, values > 0))
    ratio = left / right
    wanted = values.abs().mean(1).square() / squares.mean(1) * (ratio**3 + 1) * (ratio + 1) / (ratio**2 + 1) ** 2
    shapes = torch.arange(_STEPS, dtype=torch.float64, device=values.device) * _FINEST + _SMALLEST
    known = (2 * torch.lgamma(2 / shapes) - torch.lgamma(1 / shapes) - torch.lgamma(3 / shapes)).exp()
    return Fit(shapes[(known - wanted[:, None]).abs().argmin(1)], left, right)
