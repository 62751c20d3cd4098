"""Contact sheets of a network in training: raw, without a finish, so that faults show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.imaging.picture import Picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.training.photographs import Photographs

ROWS = 6
_LONG_SIDE = 480

_SPREAD = 2.0
"""Deviations of a principal direction from grey to the end of a colour's range."""

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
    small = [reduced(picture) for picture in photographs.pictures[: 2 * ROWS]]
    pairs = zip(small[0::2], small[1::2], strict=False)
    rows = [SheetRow([shown(x) for x in (content, style, *render(content, style))]) for content, style in pairs]
    return contact_sheet(rows, ("Content", "Style", *headings), cell=_LONG_SIDE)


def reduced(picture: Tensor) -> Tensor:
    """A photograph of the training set (3, H, W; bytes) as it is shown: (1, 3, h, w; 0–1)."""
    scale = min(1.0, _LONG_SIDE / max(picture.shape[1:]))
    size = [round(side * scale) for side in picture.shape[1:]]
    return F.interpolate(picture[None].float() / 255, size=size, mode="bilinear", antialias=True, align_corners=False)


def features_sheet(photographs: Photographs, render: Callable[[Tensor], tuple[Tensor, Tensor]]) -> Picture:
    """Rows of a photograph, and two versions of what a network sees there, in the same false colours.

    Args:
        photographs: The first few are shown, reduced.
        render: (1, 3, H, W; 0–1) ↦ a teacher's feature maps and how they are predicted, (1, C, h, w) both.
    """
    rows = []
    for picture in photographs.pictures[:ROWS]:
        small = reduced(picture)
        colors = false_colors(torch.cat(render(small)))
        large = F.interpolate(colors, size=small.shape[-2:], mode="nearest")
        rows.append(SheetRow([shown(x) for x in (small, *large.split(1))]))
    return contact_sheet(rows, ("Photograph", "Teacher", "Predicted"), cell=_LONG_SIDE)


def false_colors(x: Tensor) -> Tensor:
    """Feature maps (B, C, h, w) along their three strongest principal directions, as red, green and blue 0–1."""
    flat = x.movedim(1, -1).flatten(0, 2)
    centred = flat - flat.mean(dim=0)
    _, directions = torch.linalg.eigh(centred.T @ centred)
    strongest = centred @ directions[:, -3:]
    colors: Tensor = 0.5 + 0.5 * strongest / (_SPREAD * strongest.std(dim=0) + 1e-6)
    return colors.view(x.shape[0], *x.shape[-2:], 3).movedim(-1, 1).clamp(0, 1)
