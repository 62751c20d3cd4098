"""What is minimised: far from neither the content's features nor the style's Gram matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.methods.optimisation.parts import Part
from photostyle.methods.optimisation.style_reader import ReadStyle, StyleGram, StyleReader, pooled
from photostyle.ops.gram import gram

FEWEST = 10.0
"""A part that covers fewer feature pixels than this at a tap, in content or style, is not compared there."""
_RANGE = 10.0
"""Weight of what leaves 0–1: enough that hardly anything does."""
_FLAT = 1e-3
"""Share of a feature's mean square that counts as variance, so that a flat content can be divided by it."""
_ALIKE = 1e-2
"""Share of a style's Gram matrix, squared, under which a content counts as alike: there is little to go for."""
_CALM = (1 / 255) ** 2
"""Squared step from pixel to pixel that hardly shows: where a photograph has less, it is calm."""
_NEAR = 2
"""Pixels to each side within which the photograph's own unrest allows some."""
_OCTAVES = 5
"""The picture and its half, quarter, eighth and sixteenth: stains of colour are that large."""
LAYERS = ("all", "fine", "coarse")


class Weights(NamedTuple):
    """How much each loss counts."""

    content: float
    style: float
    total_variation: float


class _Wanted(NamedTuple):
    """The Gram matrix (1, C, C) that a part shall have at one tap.

    Attributes:
        tap: Index into what is seen.
        weight: Where the part is there, (1, 1, h, w).
        gram: Of its style.
        factor: Of its squared error.
    """

    tap: int
    weight: Tensor
    gram: Tensor
    factor: Tensor


def style_taps(count: int, layers: str) -> range:
    """Which of so many taps carry style: ``all``, the shallow half (``fine``) or the deep half (``coarse``)."""
    half = (count + 1) // 2
    return {"all": range(count), "fine": range(half), "coarse": range(count - half, count)}[layers]


class Objective:
    """The loss of a picture o, α L_content + β L_style + γ L_tv, from one pass through the network.

    L_content = mean ‖F(o) − F(c)‖² / var F(c) at the network's content tap: 0 at the photograph c, about 1 at another.
    L_style = Σ over parts and taps of share · ‖G(o) − G(s)‖² / (‖G(c) − G(s)‖² + ε ‖G(s)‖²): 1 at the photograph, 0 at
    the style s. The first tap is colour itself, (r, g, b, 1), so that a small network too gets the colours right.
    L_tv = mean |∇o|² / (|∇c|² nearby + a step that hardly shows), of the picture, and again of its halves down to a
    sixteenth: total variation by the photograph's own measure, about 2 there; a texture may take on contrast, a calm
    sky no noise and no stains.
    So one set of weights does for every network, every pair and every size.

    Args:
        reader: What to look through; it runs where its weights are.
        content: (1, 3, H, W), 0–1.
        parts: At least one, at the content's size.
        layers: A word of `LAYERS`.
        weights: Of the losses.
    """

    def __init__(
        self, reader: StyleReader, content: Tensor, parts: Sequence[Part], layers: str, weights: Weights
    ) -> None:
        features = reader.network
        self._reader = reader
        self._weights = weights
        self._taps = style_taps(len(features.taps), layers)
        self._last = features.taps[max(*self._taps, features.content_tap)]
        with torch.no_grad():
            seen = reader.seen(content, self._last)
            self._content = self._content_of(seen)
            self._unit = _variance(self._content)
            self._calm = [_blurred(step.square()) + _CALM for step in _steps(content)]
            self._wanted = self._of_parts(seen, parts)

    def __call__(self, picture: Tensor) -> dict[str, Tensor]:
        """The losses of a picture (1, 3, H, W) by name, each a scalar; what is minimised is ``total``."""
        seen = self._reader.seen(picture, self._last)
        content = F.mse_loss(self._content_of(seen), self._content) / self._unit
        style = sum((_error(seen, wanted) for wanted in self._wanted), start=content.new_zeros(()))
        losses = {"content": content, "style": style, "variation": _unrest(picture, self._calm)}
        weighted = [loss * weight for loss, weight in zip(losses.values(), self._weights, strict=True)]
        beyond = (picture - picture.clamp(0, 1)).square().mean()
        return {**losses, "total": sum(weighted, start=_RANGE * beyond)}

    def _content_of(self, seen: Sequence[Tensor]) -> Tensor:
        return seen[1 + self._reader.network.content_tap]

    def _of_parts(self, seen: Sequence[Tensor], parts: Sequence[Part]) -> list[_Wanted]:
        styles: dict[int, ReadStyle] = {}
        wanted: list[_Wanted] = []
        for part in parts:
            style = styles.setdefault(id(part.style), self._reader.style(part.style, self._last))
            wanted += self._of_part(seen, part, style.under(part.style_weight))
        return wanted

    def _of_part(self, seen: Sequence[Tensor], part: Part, of_style: Sequence[StyleGram]) -> list[_Wanted]:
        """What is wanted at every tap where the part is large enough, and of colour, where it always is."""
        found = []
        for tap in (0, *(1 + tap for tap in self._taps)):
            weight, (wanted, on_style) = pooled(part.weight, seen[tap]), of_style[tap]
            if tap == 0 or min(float(weight.sum()), on_style) > FEWEST:
                unit = (gram(seen[tap], weight) - wanted).square().sum() + _ALIKE * wanted.square().sum()
                found.append(_Wanted(tap, weight, wanted, part.share / unit.clamp_min(1e-12)))
        return [wanted._replace(factor=wanted.factor / len(found)) for wanted in found]


def _error(seen: Sequence[Tensor], wanted: _Wanted) -> Tensor:
    return wanted.factor * (gram(seen[wanted.tap], wanted.weight) - wanted.gram).square().sum()


def _variance(features: Tensor) -> Tensor:
    centred = features - features.mean((2, 3), keepdim=True)
    return (centred.square().mean() + _FLAT * features.square().mean()).clamp_min(1e-8)


def _steps(picture: Tensor) -> list[Tensor]:
    """Differences of neighbours, down and across, of the picture and of its halves, the finest first."""
    found: list[Tensor] = []
    for octave in range(_OCTAVES):
        if octave > 0 and min(picture.shape[-2:]) > 1:
            picture = F.avg_pool2d(picture, 2)
        found += [step for step in (picture.diff(dim=2), picture.diff(dim=3)) if step.numel()]
    return found


def _blurred(planes: Tensor) -> Tensor:
    """The mean nearby and over channels: where one of them moves the others may, or a white cloud turns pink."""
    return F.avg_pool2d(planes.mean(1, keepdim=True), 2 * _NEAR + 1, stride=1, padding=_NEAR, count_include_pad=False)


def _unrest(picture: Tensor, calm: Sequence[Tensor]) -> Tensor:
    """That from pixel to pixel, and that of all halves together: noise shows in the one, stains in the other."""
    ratios = torch.stack([(s.square() / unit).mean() for s, unit in zip(_steps(picture), calm, strict=True)])
    fine = len(ratios) // _OCTAVES
    return ratios[:fine].mean() + ratios[fine:].mean()
