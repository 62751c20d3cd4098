"""The formula of structural similarity (Wang et al. 2004)."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class WindowMeans(NamedTuple):
    """Means of x, y, x², y² and xy in each window."""

    x: Tensor
    y: Tensor
    xx: Tensor
    yy: Tensor
    xy: Tensor


def products(x: Tensor, y: Tensor) -> WindowMeans:
    """What has to be averaged."""
    return WindowMeans(x, y, x * x, y * y, x * y)


def similarity(means: WindowMeans, peak: float) -> float:
    """Mean over the windows of (2μxμy + c₁)(2σxy + c₂) / ((μx² + μy² + c₁)(σx² + σy² + c₂)).

    Args:
        means: In each window.
        peak: The range of the values, L in c₁ = (0.01 L)² and c₂ = (0.03 L)².

    Returns:
        −1 to 1.
    """
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    squares, product = means.x.square() + means.y.square(), means.x * means.y
    luminance = (2 * product + c1) / (squares + c1)
    structure = (2 * (means.xy - product) + c2) / (means.xx + means.yy - squares + c2)
    return float((luminance * structure).mean())
