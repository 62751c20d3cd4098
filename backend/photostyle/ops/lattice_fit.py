"""Fit a lattice of colours to pairs of colours, smoothly where there are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.ops.color_map import ColorAffine, apply_color
from photostyle.ops.gaussian import fit_gaussian
from photostyle.ops.lattice import lattice_colors
from photostyle.ops.monge_kantorovich import monge_kantorovich

_BINS = 96
_COARSEST = 9
_STIFFNESS = 0.02
"""How much a difference between neighbours counts, beside a pair of colours of average weight."""
_STEPS = 60


class _Pairs(NamedTuple):
    """Colours x (N, 3), what is missing of them (N, 3) after a first map, and how much each counts (N,)."""

    x: Tensor
    missing: Tensor
    weight: Tensor


class _Corners(NamedTuple):
    """The eight nodes around each colour (8, N), and the share of each (8, N)."""

    nodes: Tensor
    shares: Tensor


def fit_lattice(x: Tensor, y: Tensor, weight: Tensor, size: int) -> Tensor:
    """The lattice L that minimises Σ w |L(x) − y|² + λ Σ |∇(L − A)|² over trilinear L.

    A is the Monge–Kantorovich map from x to y, which is monotone: where there are no pairs, L goes on as A does. From
    coarse to fine, by conjugate gradients; colours that lie close together count as one, and many of them for the root
    of their number, so that rare colours have a say.

    Args:
        x: Colours (1, 3, H, W), taken within 0–1.
        y: What each becomes, (1, 3, H, W).
        weight: How much each counts, (1, 1, H, W).
        size: Nodes along each side, a power of two and one.

    Returns:
        (3, size, size, size), see `lattice`.
    """
    x = x.clamp(0, 1)
    first = monge_kantorovich(fit_gaussian(x, weight), fit_gaussian(y, weight))
    pairs = _gathered(x, y - apply_color(x, first), weight)
    residual = x.new_zeros((3, _COARSEST, _COARSEST, _COARSEST))
    for nodes in _sizes(size):
        finer = F.interpolate(residual[None], size=(nodes,) * 3, mode="trilinear", align_corners=True)[0]
        residual = _solved(finer, pairs)
    return _affine_lattice(first, size, x.device) + residual


def _sizes(size: int) -> list[int]:
    sizes = [_COARSEST]
    while sizes[-1] < size:
        sizes.append(min(size, 2 * sizes[-1] - 1))
    return sizes


def _affine_lattice(color_map: ColorAffine, size: int, device: torch.device) -> Tensor:
    return apply_color(lattice_colors(size, device), color_map).view(3, size, size, size)


def _gathered(x: Tensor, missing: Tensor, weight: Tensor) -> _Pairs:
    """The mean of all pairs whose colours fall into the same small bin."""
    colors, misses, shares = x[0].flatten(1).T, missing[0].flatten(1).T, weight.flatten()
    cells = (colors * (_BINS - 1)).round().long()
    keys, of = torch.unique(cells @ torch.tensor([_BINS**2, _BINS, 1], device=x.device), return_inverse=True)
    count = torch.zeros(len(keys), device=x.device).index_add_(0, of, shares)
    sums = torch.zeros((len(keys), 6), device=x.device)
    sums.index_add_(0, of, torch.cat([colors, misses], dim=1) * shares[:, None])
    means = sums / count.clamp_min(1e-12)[:, None]
    heavy = count.sqrt()
    return _Pairs(means[:, :3], means[:, 3:], heavy / heavy.mean().clamp_min(1e-12))


def _corners(x: Tensor, size: int) -> _Corners:
    scaled = x * (size - 1)
    low = scaled.floor().clamp(max=size - 2)
    part = scaled - low
    nodes, shares = [], []
    for corner in range(8):
        step = torch.tensor([corner & 1, corner >> 1 & 1, corner >> 2], device=x.device)
        place = low.long() + step
        nodes.append(place[:, 0] + size * (place[:, 1] + size * place[:, 2]))
        shares.append(torch.where(step.bool(), part, 1 - part).prod(1))
    return _Corners(torch.stack(nodes), torch.stack(shares))


def _solved(start: Tensor, pairs: _Pairs) -> Tensor:
    """The residual that is missing, by conjugate gradients from a start (3, n, n, n)."""
    size = start.shape[-1]
    corners = _corners(pairs.x, size)

    def normal(lattice: Tensor) -> Tensor:
        values = (lattice.flatten(1)[:, corners.nodes] * corners.shares).sum(1)
        return _spread(values * pairs.weight, corners, size) + _STIFFNESS * _unevenness(lattice)

    return _conjugate_gradients(normal, _spread(pairs.missing.T * pairs.weight, corners, size), start)


def _spread(values: Tensor, corners: _Corners, size: int) -> Tensor:
    """The transpose of looking up: values (3, N) onto the nodes around them."""
    out = values.new_zeros((3, size**3))
    for nodes, shares in zip(*corners, strict=True):
        out.index_add_(1, nodes, values * shares)
    return out.view(3, size, size, size)


def _unevenness(lattice: Tensor) -> Tensor:
    """The gradient of ½ Σ |∇L|²."""
    out = torch.zeros_like(lattice)
    for axis in (1, 2, 3):
        step = lattice.diff(dim=axis)
        length = step.shape[axis]
        out.narrow(axis, 1, length).add_(step)
        out.narrow(axis, 0, length).sub_(step)
    return out


def _conjugate_gradients(normal: Callable[[Tensor], Tensor], wanted: Tensor, start: Tensor) -> Tensor:
    x = start
    residual = wanted - normal(x)
    direction, square = residual, residual.square().sum()
    for _ in range(_STEPS):
        if float(square) < 1e-12:
            break
        turned = normal(direction)
        step = square / (direction * turned).sum()
        x, residual = x + step * direction, residual - step * turned
        square, before = residual.square().sum(), square
        direction = residual + square / before * direction
    return x
