"""Methods that may see the content tile by tile, and what they ask of the whole of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple, TypeVar

from torch import Tensor

from photostyle.methods.base import Method, Region
from photostyle.ops.gaussian import Gaussian, GaussianSum
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar

T = TypeVar("T")


class Weighted(NamedTuple):
    """Something to be measured: features (1, C, h, w) and how much each place counts, (1, 1, h, w)."""

    features: Tensor
    weight: Tensor


class Overview(ABC):
    """The whole content, for a method that sees a part of it.

    Attributes:
        content: A small copy of the whole, (1, 3, h, w).
        regions: On the small copy.
        is_coarse: Whether the result has no more than 8 bits, so that half the digits do.
    """

    content: Tensor
    regions: Sequence[Region]
    is_coarse: bool = False

    @abstractmethod
    def gaussians(self, asked: Sequence[Weighted]) -> list[Gaussian]:
        """Statistics over the whole content of features that are known of the part.

        A method asks in the same order for each part; what is asked depends on the part and on earlier answers alone.
        """

    @abstractmethod
    def once(self, make: Callable[[], T]) -> T:
        """What does not depend on the part is made for the first one and kept for the others."""


class AtOnce(Overview):
    """The part is the whole."""

    def __init__(self, content: Tensor, regions: Sequence[Region], *, is_coarse: bool = False) -> None:
        self.content = content
        self.regions = regions
        self.is_coarse = is_coarse

    def gaussians(self, asked: Sequence[Weighted]) -> list[Gaussian]:
        """See `Overview.gaussians`."""
        return [GaussianSum.of(features, weight) for features, weight in asked]

    def once(self, make: Callable[[], T]) -> T:
        """See `Overview.once`."""
        return make()


class TiledMethod(Method):
    """A method whose result at a place depends on what lies near, and on statistics of the whole content.

    Attributes:
        halo: How far it sees, in pixels: so much of its surroundings a tile needs to be right to its rim.
        multiple: A tile begins at multiples of this, where the network is smaller than the picture.
    """

    halo: ClassVar[int] = 0
    multiple: ClassVar[int] = 1

    @abstractmethod
    def paint(
        self,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        progress: Progress,
        overview: Overview,
    ) -> Tensor:
        """Give each region its style, in a part of the content; see `Method.stylize`."""

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Paint the whole as one part; see `Method.stylize`."""
        return self.paint(content, regions, options, progress, AtOnce(content, regions))
