"""What a perceptual network sees of a style, kept for the next job that shows it the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.base import Features
from photostyle.ops.digest import digest
from photostyle.ops.gram import gram
from photostyle.ops.remembered import Remembered

_MOST_KEPT = 64
_MOST_BYTES = 64 * 2**20
"""A style takes 0.1 MB through the embedded network and 2.4 MB through VGG-19, at each size and for each region."""


class StyleGram(NamedTuple):
    """A style under a weight, at one tap.

    Attributes:
        gram: (1, C, C).
        covered: How many feature pixels the weight covers.
    """

    gram: Tensor
    covered: float


KeptGrams: TypeAlias = Remembered[list[StyleGram]]
"""Gram matrices of styles by what they were computed from."""


def kept_grams() -> KeptGrams:
    """Room for those of the last few styles."""
    return Remembered(_MOST_KEPT, _MOST_BYTES, lambda grams: sum(found.gram.nbytes for found in grams))


def pooled(weight: Tensor, like: Tensor) -> Tensor:
    """A weight (1, 1, H, W) brought to the size of feature maps by area."""
    smaller: Tensor = F.adaptive_avg_pool2d(weight, like.shape[-2:])  # type: ignore[arg-type]
    return smaller


class StyleReader:
    """A network that is not asked twice what it sees of a style.

    Args:
        network: Frozen.
        kept: Of this job and earlier ones, whichever networks they looked through.
    """

    def __init__(self, network: Features, kept: KeptGrams) -> None:
        self.network = network
        self.kept = kept

    @cached_property
    def name(self) -> bytes:
        """Of the network, by its weights: a file that was replaced holds another."""
        found = hashlib.sha256(self.network.title.encode())
        for name, tensor in self.network.state_dict().items():
            found.update(name.encode() + digest(tensor))
        return found.digest()

    def seen(self, picture: Tensor, last: str) -> list[Tensor]:
        """Colour, (r, g, b, 1), and the feature maps of a picture (1, 3, H, W) up to the tap `last`."""
        color = torch.cat([picture, torch.ones_like(picture[:, :1])], dim=1)
        return [color, *self.network(picture, last=last)]

    def style(self, picture: Tensor, last: str) -> ReadStyle:
        """A style (1, 3, h, w), 0–1, to be read up to the tap `last`."""
        return ReadStyle(self, picture, last)


class ReadStyle:
    """A style that the network looks at when, and only when, somebody has to know."""

    def __init__(self, reader: StyleReader, picture: Tensor, last: str) -> None:
        self._reader = reader
        self._picture = picture
        self._last = last

    def under(self, weight: Tensor) -> list[StyleGram]:
        """Under a weight (1, 1, h, w), of colour and of each tap: without gradients, and shared, not to be changed."""
        return self._reader.kept.get(self._name + digest(weight), lambda: self._grams(weight))

    @cached_property
    def _name(self) -> bytes:
        return self._reader.name + self._last.encode() + digest(self._picture)

    @cached_property
    def _seen(self) -> Sequence[Tensor]:
        return self._reader.seen(self._picture, self._last)

    def _grams(self, weight: Tensor) -> list[StyleGram]:
        with torch.no_grad():
            weights = [pooled(weight, features) for features in self._seen]
            return [StyleGram(gram(f, w), float(w.sum())) for f, w in zip(self._seen, weights, strict=True)]
