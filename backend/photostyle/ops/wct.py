"""Whitening and colouring with soft regions (Li et al. 2017), by the map that moves features least."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.ops.gaussian import Gaussian
from photostyle.ops.monge_kantorovich import transport
from photostyle.ops.small_algebra import like, on_cpu

_VARIANCE_FLOOR = 1e-5
"""The one that AdaIN adds to its variances."""


class FeatureAffine(NamedTuple):
    """F ↦ matrix · F + shift at every pixel.

    Attributes:
        matrix: (B, C, C).
        shift: (B, C).
    """

    matrix: Tensor
    shift: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """Map x (B, C, H, W); the result is channels_last, as the network's features are."""
        pixels = torch.baddbmm(self.shift[:, None, :], x.flatten(2).mT, self.matrix.mT)
        out: Tensor = pixels.mT.unflatten(2, x.shape[2:])
        return out

    def affine(self) -> tuple[Tensor, Tensor]:
        """See `FeatureMap.affine`."""
        return self.matrix, self.shift


def wct(content: Gaussian, style: Gaussian) -> FeatureAffine:
    """A (F − μc) + μs with A Σc Aᵀ = Σs, as one affine map, no direction stretched by more than `MAX_GAIN`.

    Li et al. take A = Σs^½ Σc^-½. Any rotation may stand between the two roots, and without one features turn that need
    not. This A is Σc^-½ (Σc^½ Σs Σc^½)^½ Σc^-½, of all whitening and colouring maps the one that moves features least
    (Lu et al. 2019): symmetric, the identity for equal statistics, and AdaIN where channels are uncorrelated.

    The algebra runs in float64 on the CPU, so a GPU is waited for once in a call: put all levels and regions into one
    batch. Gradients pass through it and are finite.

    Args:
        content: Of the features to be mapped, (B, C) and (B, C, C).
        style: Of the features to be met.
    """
    cov_c, cov_s = on_cpu((content.covariance, style.covariance))
    matrix = like(transport(cov_c, cov_s, _VARIANCE_FLOOR), content.mean)
    return FeatureAffine(matrix, style.mean - (matrix @ content.mean[:, :, None])[:, :, 0])
