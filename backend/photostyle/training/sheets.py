"""Contact sheets of a network in training: raw, without a finish, so that faults show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch.nn.functional as F
from torch import Tensor

from photostyle.imaging.picture import Picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.training.photographs import Photographs

ROWS = 6
_LONG_SIDE = 480

Render = Callable[[Tensor, Tensor], Sequence[Tensor]]
"""Content and style (1, 3, H, W; 0–1) ↦ what to show beside them, the same."""


def shown(x: Tensor) -> Picture:
    """The first picture of a batch (B, 3, H, W; 0–1), eight bits."""
    return Picture(x[0].clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).cpu().numpy())


def pair_sheet(photographs: Photographs, render: Render, headings: Sequence[str]) -> Picture:
    """Rows of content, style and what is made of them; the first dozen photographs are paired.

    Args:
        photographs: Two for each row, reduced.
        render: Makes the rest of a row.
        headings: Of what it makes.
    """
    small = [_reduced(picture) for picture in photographs.pictures[: 2 * ROWS]]
    pairs = zip(small[0::2], small[1::2], strict=False)
    rows = [SheetRow([shown(x) for x in (content, style, *render(content, style))]) for content, style in pairs]
    return contact_sheet(rows, ("Content", "Style", *headings), cell=_LONG_SIDE)


def _reduced(picture: Tensor) -> Tensor:
    scale = min(1.0, _LONG_SIDE / max(picture.shape[1:]))
    size = [round(side * scale) for side in picture.shape[1:]]
    return F.interpolate(picture[None].float() / 255, size=size, mode="bilinear", antialias=True, align_corners=False)
