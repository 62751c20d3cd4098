"""Gram matrices of feature maps: which features come together, wherever that is (Gatys, Ecker and Bethge 2016)."""

from __future__ import annotations

from torch import Tensor

from photostyle.ops.moments import normalised


def gram(features: Tensor, weight: Tensor) -> Tensor:
    """G = Σ wᵢ fᵢ fᵢᵀ / Σ wᵢ, so that pictures and regions of any size compare.

    Args:
        features: (B, C, h, w).
        weight: (B or 1, 1, h, w), non-negative, any scale; an empty one gives zeros.

    Returns:
        (B, C, C), differentiable in both.
    """
    flat = features.flatten(2)
    product: Tensor = (flat * normalised(weight).flatten(2)) @ flat.transpose(1, 2)
    return product


def gram_error(got: Tensor, wanted: Tensor) -> Tensor:
    """‖got − wanted‖² / ‖wanted‖² in the Frobenius norm: (B, C, C) and (B or 1, C, C) → (B,); 0 and up.

    Over the style's own size, so that one weight means the same at every layer of every network.
    """
    return (got - wanted).square().sum((1, 2)) / wanted.square().sum((1, 2)).clamp_min(1e-12)
