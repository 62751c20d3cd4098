"""A request with its pixels: what the pipeline takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from photostyle_protocol.color_space import ColorSpace
from photostyle_protocol.look_file import LookFile
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Settings

if TYPE_CHECKING:
    from photostyle.stylize.series import Series

__all__ = ["PIXEL_TYPES", "Pixels", "Progress", "RegionPixels", "StylizeTask"]

Pixels = NDArray[Any]
"""(H, W, C) or (H, W); uint8, uint16, float16 or float32; C is 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA."""

PIXEL_TYPES = (np.uint8, np.uint16, np.float16, np.float32)


@dataclass(frozen=True)
class RegionPixels:
    """One region: a style and where it goes.

    Attributes:
        style: The style photograph, any `Pixels`, or a look.
        content_mask: (H, W) like the content, 0 to full scale; ``None`` is everywhere.
        style_mask: (h, w) like the style; ``None`` is everywhere.
        strength: 0–1, multiplied with the strength of the whole.
        space: What the style's numbers mean; ``None`` is sRGB.
        known_as: What the style's pixels are known by, if they are: other pixels never have the same name.
    """

    style: Pixels | LookFile
    content_mask: Pixels | None = None
    style_mask: Pixels | None = None
    strength: float = 1.0
    space: ColorSpace | None = None
    known_as: str = ""


@dataclass(frozen=True)
class StylizeTask:
    """Everything that one job needs, in memory.

    Attributes:
        content: The content photograph.
        regions: At least one.
        mask: (H, W) like the content: how much each pixel counts for the statistics.
        settings: Method, strength and the other choices.
        limit_to_mask: Where the mask is 0 the result equals the content to the bit; ``False`` puts the look on
            everything.
        space: What the content's numbers mean, and the result's; ``None`` is sRGB, in which the engine thinks.
        series: Statistics that stand in for those of the content; for one region without masks.
        known_as: What all its pixels are known by, if they are: other pixels never have the same name.
        may_name_files: Whether options may name files: who asks is the person whose files they are.
    """

    content: Pixels
    regions: tuple[RegionPixels, ...]
    mask: Pixels | None
    settings: Settings
    limit_to_mask: bool = True
    space: ColorSpace | None = None
    series: Series | None = None
    known_as: str = ""
    may_name_files: bool = True

    @property
    def limit(self) -> Pixels | None:
        """What limits the result: the mask, or nothing."""
        return self.mask if self.limit_to_mask else None
