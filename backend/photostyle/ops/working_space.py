"""Between a picture's own colour space and the space that the engine thinks in: sRGB, without bounds."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from photostyle.ops.srgb_curve import encode, linearise
from photostyle_protocol.color_space import IDENTITY, ColorSpace, Curve

_Convert = Callable[[Tensor, Curve], Tensor]


def into_working_space(colors: Tensor, space: ColorSpace | None) -> Tensor:
    """Colours in extended sRGB of colours in a space.

    Args:
        colors: (1, 3, H, W), or (1, 1, H, W) of a grey picture; nominally 0–1, not bounded.
        space: ``None`` is sRGB itself.
    """
    if space is None:
        return colors
    return encode(_turned(_per_channel(_light, colors, space.curves), space.matrix))


def out_of_working_space(colors: Tensor, space: ColorSpace | None) -> Tensor:
    """Undo `into_working_space`."""
    if space is None:
        return colors
    light = linearise(colors)
    if space.matrix != IDENTITY:
        inverse = torch.tensor(space.matrix, dtype=torch.float64).reshape(3, 3).inverse()
        light = _turned(light, tuple(inverse.flatten().tolist()))
    return _per_channel(_numbers, light, space.curves)


def _per_channel(convert: _Convert, colors: Tensor, curves: tuple[Curve, ...]) -> Tensor:
    if len(curves) == 1:
        return convert(colors, curves[0])
    parts = zip(colors.split(1, dim=1), curves, strict=True)
    return torch.cat([convert(channel, curve) for channel, curve in parts], dim=1)


def _turned(light: Tensor, matrix: tuple[float, ...]) -> Tensor:
    """The matrix on each colour. Written out: a matrix product may be computed with fewer bits than a float has."""
    if matrix == IDENTITY:
        return light
    red, green, blue = light.split(1, dim=1)
    rows = (matrix[0:3], matrix[3:6], matrix[6:9])
    return torch.cat([(red * r).add_(green, alpha=g).add_(blue, alpha=b) for r, g, b in rows], dim=1)


def _light(x: Tensor, curve: Curve) -> Tensor:
    if curve.is_linear:
        return x
    if curve.table:
        return _along(x, torch.linspace(0, 1, len(curve.table)), torch.tensor(curve.table))
    size = x.abs()
    root = (size * curve.scale).add_(curve.offset).clamp_min_(0).pow_(curve.gamma)
    return torch.where(size < curve.toe, x * curve.slope, root.mul_(x.sign()))


def _numbers(y: Tensor, curve: Curve) -> Tensor:
    if curve.is_linear:
        return y
    if curve.table:
        return _along(y, torch.tensor(curve.table), torch.linspace(0, 1, len(curve.table)))
    size = y.abs()
    power = size.pow(1 / curve.gamma).sub_(curve.offset).div_(curve.scale)
    return torch.where(size < curve.knee, y / max(curve.slope, 1e-12), power.mul_(y.sign()))


def _along(values: Tensor, places: Tensor, heights: Tensor) -> Tensor:
    """Linear between knots, and straight on beyond the first and the last."""
    places, heights = places.to(values.device), heights.to(values.device)
    after = torch.searchsorted(places, values.contiguous()).clamp_(1, len(places) - 1)
    before = after - 1
    share = (values - places[before]) / (places[after] - places[before])
    return heights[before].lerp(heights[after], share)
