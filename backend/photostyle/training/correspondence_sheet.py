"""What the correspondence network has learned, to look at: matches as a mosaic, kinds as false colours."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.features.correspondence import CorrespondenceNet
from photostyle.imaging.picture import Picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.training.overlapping_crops import overlapping_crops
from photostyle.training.photographs import Photographs
from photostyle.training.sheets import ROWS, false_colors, shown

_HEADINGS = "First", "Second", "Rebuilt", "Kinds 1", "Kinds 2"


def correspondence_sheet(network: CorrespondenceNet, photographs: Photographs) -> Picture:
    """Rows of two graded crops, the second made of those places of the first that match best, and the kinds of both.

    Where matching works, the mosaic shows the second crop in the first's colours; where the first crop does not
    reach, it cannot. One kind has one colour on the whole sheet.

    Args:
        network: In evaluation mode.
        photographs: Six of them are drawn, always the same.
    """
    crops = overlapping_crops(photographs.pictures, ROWS, photographs.crop, torch.Generator().manual_seed(0))
    found = network(crops.graded)
    (first, second), places = crops.graded.chunk(2), found.place.chunk(2)
    columns = (first, second, _mosaic(first, *places), *false_colors(found.kind).chunk(2))
    large = [F.interpolate(column, size=first.shape[-2:], mode="nearest") for column in columns]
    rows = [SheetRow([shown(column[k : k + 1]) for column in large]) for k in range(ROWS)]
    return contact_sheet(rows, _HEADINGS, cell=2 * photographs.crop)


def _mosaic(first: Tensor, on_first: Tensor, on_second: Tensor) -> Tensor:
    """(B, 3, h, w): for each place of the second pictures, the mean colour of the first's that matches best."""
    alike = on_second.flatten(2).transpose(1, 2) @ on_first.flatten(2)
    colors = F.adaptive_avg_pool2d(first, on_first.shape[-2:]).flatten(2)  # type: ignore[arg-type]
    best = alike.argmax(dim=2)[:, None].expand(-1, 3, -1)
    found: Tensor = colors.gather(2, best).view(-1, 3, *on_second.shape[-2:])
    return found
