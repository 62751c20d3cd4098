"""A learned colour map: how far to follow the style's colours, told from the statistics of both pictures."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from photostyle.methods.networks.rest_statistics import RegionStatistics
from photostyle.methods.networks.rpnet import CHANNELS, STYLISED_LEVELS
from photostyle.ops.color_map import ColorAffine
from photostyle.ops.gaussian import Gaussian, marginals
from photostyle.ops.monge_kantorovich import monge_kantorovich

_HIDDEN = 128
_COLOR_NUMBERS = 9
_LEVEL_NUMBERS = 2 * CHANNELS * STYLISED_LEVELS
_MAP_NUMBERS = 12
_MOST_FOLLOWED = 1.5
"""Logit of the gate before training: four fifths of the way to the Monge–Kantorovich map."""
_REACH = 0.5
"""No entry of the map is moved by more than this."""


class ColorHead(nn.Module):
    """Statistics of content and style ↦ an affine colour map near the Monge–Kantorovich one.

    That map gives a region exactly the style's mean and covariance. Often less is better: a black teapot need not turn
    into haze because the style's is lighter. The head was trained for the style's Gram matrices at the least cost in
    structure, and knows the exchange rate between both as `fidelity`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.normalise = nn.LayerNorm(_LEVEL_NUMBERS)
        inputs = 2 * (_COLOR_NUMBERS + _LEVEL_NUMBERS) + _MAP_NUMBERS
        last = nn.Linear(_HIDDEN, 2 * (1 + _MAP_NUMBERS))
        self.layers = nn.Sequential(nn.Linear(inputs, _HIDDEN), nn.GELU(), nn.Linear(_HIDDEN, _HIDDEN), nn.GELU(), last)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        with torch.no_grad():
            last.bias.view(2, -1)[:, 0] = _MOST_FOLLOWED

    def forward(self, content: RegionStatistics, style: RegionStatistics, fidelity: Tensor) -> ColorAffine:
        """The map M = I + g (A − I) + Δ, b = g b_A + δ, with (A, b_A) of Monge and Kantorovich.

        Args:
            content: Statistics of one region of the content.
            style: Of its style.
            fidelity: (B, 1), 0 (the style's statistics) to 1 (the content's structure).
        """
        full = monge_kantorovich(content.color, style.color)
        known = [self._described(content), self._described(style), full.matrix.flatten(1), full.offset]
        near_style, near_content = self.layers(torch.cat(known, dim=1)).chunk(2, dim=1)
        raw = torch.lerp(near_style, near_content, fidelity)
        gate = torch.sigmoid(raw[:, :1])
        delta = _REACH * torch.tanh(raw[:, 1:])
        still = torch.eye(3, device=raw.device).flatten()
        matrix = still + gate * (full.matrix.flatten(1) - still) + delta[:, :9]
        return ColorAffine(matrix.view(-1, 3, 3), gate * full.offset + delta[:, 9:])

    def _described(self, statistics: RegionStatistics) -> Tensor:
        levels = [torch.cat([m.mean, m.std.log()], dim=1).flatten(1) for m in map(marginals, statistics.levels)]
        return torch.cat([_described_color(statistics.color), self.normalise(torch.cat(levels, dim=1))], dim=1)


def _described_color(color: Gaussian) -> Tensor:
    """Mean, deviation and correlation of colour, (B, 9)."""
    deviation = color.covariance.diagonal(dim1=1, dim2=2).clamp_min(1e-6).sqrt()
    correlation = color.covariance / (deviation[:, :, None] * deviation[:, None, :])
    rows, columns = torch.triu_indices(3, 3, offset=1, device=deviation.device)
    return torch.cat([color.mean, deviation, correlation[:, rows, columns]], dim=1)
