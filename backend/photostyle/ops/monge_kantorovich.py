"""The Monge–Kantorovich map between two Gaussians of colour (Pitié and Kokaram 2007)."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.color_map import ColorAffine
from photostyle.ops.gain import MAX_GAIN
from photostyle.ops.gaussian import Gaussian
from photostyle.ops.small_algebra import like, on_cpu
from photostyle.ops.spectral import spectral

_VARIANCE_FLOOR = 1e-5
"""About (0.8/255)²: a flat picture has the noise of its quantisation, not none."""

_TINY = 1e-15
"""Keeps the roots of a covariance's rounding errors real."""


def _power(matrix: Tensor, exponent: float) -> Tensor:
    return spectral(matrix, lambda values: values.clamp_min(_TINY).pow(exponent))


def transport(content: Tensor, style: Tensor, floor: float) -> Tensor:
    """Σc^-½ (Σc^½ Σs Σc^½)^½ Σc^-½, stretching no direction by more than `MAX_GAIN`.

    Args:
        content: Covariances Σc (B, C, C), in float64: the roots lose half of the digits.
        style: Σs.
        floor: Added to every variance.

    Returns:
        Of all matrices that take the one covariance to the other, the one that moves least; (B, C, C), symmetric.
    """
    least = floor * torch.eye(content.shape[-1], dtype=content.dtype, device=content.device)
    root, inverse = _power(content + least, 0.5), _power(content + least, -0.5)
    matrix = inverse @ _power(root @ (style + least) @ root, 0.5) @ inverse
    return spectral(matrix, lambda values: values.clamp(max=MAX_GAIN))


@torch.no_grad()
def monge_kantorovich(content: Gaussian, style: Gaussian) -> ColorAffine:
    """A = Σc^-½ (Σc^½ Σs Σc^½)^½ Σc^-½, b = μs − A μc: of all maps with these moments, the one that moves least.

    The 3×3 algebra runs in float64 on the CPU, see `small_algebra`.
    """
    mean_c, cov_c, mean_s, cov_s = on_cpu((*content, *style))
    matrix = transport(cov_c, cov_s, _VARIANCE_FLOOR)
    offset = mean_s - (matrix @ mean_c[:, :, None])[:, :, 0]
    return ColorAffine(like(matrix, content.mean), like(offset, content.mean))
