"""A few colours that stand for the distribution of all colours of a picture."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.color_map import apply_color
from photostyle.ops.gaussian import Gaussian, fit_gaussian
from photostyle.ops.monge_kantorovich import monge_kantorovich

_BITS = 8


def palette(picture: Tensor, weight: Tensor, count: int) -> Tensor:
    """Choose colours of equal weight that have the picture's distribution, and its mean and covariance exactly.

    All colours are put in the order of a curve that fills colour space, along which neighbours are alike; then the
    middle colour of each of `count` stretches of equal weight is taken.

    Args:
        picture: (1, 3, H, W), nominally 0–1.
        weight: (1, 1, H, W), not zero everywhere.
        count: How many.

    Returns:
        (1, 3, 1, count).
    """
    colors, share = picture[0].flatten(1), weight.flatten().double()
    order = torch.argsort(_place_on_curve(colors), stable=True)
    reached = share[order].cumsum(0)
    middles = (torch.arange(count, device=reached.device) + 0.5) * (reached[-1] / count)
    taken = colors[:, order[torch.searchsorted(reached, middles).clamp(max=len(order) - 1)]]
    return _with_statistics(taken.view(1, 3, 1, count), fit_gaussian(picture, weight))


def _place_on_curve(colors: Tensor) -> Tensor:
    """Morton's order of colours (3, N): the bits of the channels by turns, the highest first."""
    levels = (colors.clamp(0, 1) * (2**_BITS - 1)).round().long()
    bits = [((levels[c] >> b) & 1) << (3 * b + 2 - c) for c in range(3) for b in range(_BITS)]
    return torch.stack(bits).sum(0)


def _with_statistics(colors: Tensor, wanted: Gaussian) -> Tensor:
    equal = torch.ones_like(colors[:, :1])
    return apply_color(colors, monge_kantorovich(fit_gaussian(colors, equal), wanted))
