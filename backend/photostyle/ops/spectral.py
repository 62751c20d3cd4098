"""Functions of symmetric matrices, with gradients that stay finite where eigenvalues meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

OfValues = Callable[[Tensor], Tensor]
"""Acts on each eigenvalue by itself, by operations that torch can differentiate."""

_CLOSE = 1e-8
"""Eigenvalues nearer than this, relative to the largest, count as equal: the root of float64's precision."""


def spectral(matrix: Tensor, function: OfValues) -> Tensor:
    """V f(Λ) Vᵀ for the symmetric matrix V Λ Vᵀ.

    The gradient of torch's own eigenvectors divides by the differences of eigenvalues; the one of the whole function
    has divided differences of f instead (Daleckii and Krein 1965), which end in its slope.

    Args:
        matrix: (..., C, C), float64 where gradients matter; only its symmetric part counts.
        function: f.
    """
    out: Tensor = _Spectral.apply(0.5 * (matrix + matrix.mT), function)  # type: ignore[no-untyped-call]
    return out


class _Spectral(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, matrix: Tensor, function: OfValues) -> Tensor:  # noqa: ANN401 - torch types it nowhere
        values, vectors = torch.linalg.eigh(matrix)
        ctx.save_for_backward(values, vectors)
        ctx.function = function
        return _assembled(vectors, function(values))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        values, vectors = ctx.saved_tensors
        along = vectors.mT @ gradients[0] @ vectors
        return vectors @ (_divided_differences(ctx.function, values) * along) @ vectors.mT, None


def _assembled(vectors: Tensor, values: Tensor) -> Tensor:
    return vectors * values[..., None, :] @ vectors.mT


def _divided_differences(function: OfValues, values: Tensor) -> Tensor:
    """(f(λᵢ) − f(λⱼ)) / (λᵢ − λⱼ), and f′ where the two are equal."""
    with torch.enable_grad():
        free = values.detach().requires_grad_()
        image = function(free)
        (slope,) = torch.autograd.grad(image.sum(), free)
    run = values[..., :, None] - values[..., None, :]
    rise = (image[..., :, None] - image[..., None, :]).detach()
    equal = run.abs() <= _CLOSE * values.abs().amax(-1)[..., None, None]
    return torch.where(equal, slope[..., :, None].expand_as(run), rise / torch.where(equal, 1.0, run))
