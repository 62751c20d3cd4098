"""Which photographs serve each other as style and as similar content (Wu et al., equations 9 to 11)."""

from __future__ import annotations

import torch

from photostyle.features.base import Features
from photostyle.training.photographs import Photographs
from photostyle.training.resemblance import neighbours

_CLASS = 0.1
"""Share of all photographs that count as one's own class."""
_SIMILAR = 0.5
"""Share of the class that is similar content; the rest of it may be the style."""
_OUTSIDE = 0.1
"""Share of the others, the nearest, that may be the style as well."""


class SimilarContent:
    """Draws a style and a similar content for a photograph.

    The paper's photographs carry a class each. Ours carry none: the class of a photograph is the tenth of the folder
    that resembles it most, so that each lies in the middle of its own cluster. Distances are between means of features
    (`neighbours`): two photographs have nothing to do with each other place by place. The most similar content of all
    is the photograph itself, in another crop.

    Args:
        photographs: All of them are ranked for each.
        network: What sees the resemblance.
        device: Where it looks.
    """

    def __init__(self, photographs: Photographs, network: Features, device: torch.device) -> None:
        count = len(photographs.pictures)
        self._ranked = neighbours(photographs, network, count, device)
        size = max(2, round(_CLASS * count))
        self._similar = max(1, round(_SIMILAR * size))
        self._styles = size + round(_OUTSIDE * (count - size))

    def similar_to(self, number: int, generator: torch.Generator) -> int:
        """A photograph of the nearer half of the class (equation 10)."""
        return self._drawn(number, 0, self._similar, generator)

    def style_for(self, number: int, generator: torch.Generator) -> int:
        """One of the class's other half, or of the nearest outside it (equation 11)."""
        return self._drawn(number, self._similar, self._styles, generator)

    def _drawn(self, number: int, first: int, end: int, generator: torch.Generator) -> int:
        rank = int(torch.randint(first, end, (), generator=generator))
        return int(self._ranked[number, rank])
