"""What a network in training makes of a few photographs, as a contact sheet."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.imaging.picture import Picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.methods.base import Region
from photostyle.methods.networks.rpnet import RPNet
from photostyle.methods.rest import Rest
from photostyle.training.photographs import Photographs

_ROWS = 6


def _picture(x: Tensor) -> Picture:
    return Picture(x[0].clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).cpu().numpy())


@torch.inference_mode()
def rest_sheet(network: RPNet, form: str, photographs: Photographs) -> Picture:
    """Rows of content, style and raw output (no finish: faults should show), on the first photographs.

    Args:
        network: As it is now; its training mode is kept.
        form: ``skip`` or ``paper``, see `Rest`.
        photographs: The first dozen are paired.
    """
    was_training = network.training
    network.eval()
    method = Rest(next(network.parameters()).device)
    method.use(form, network)
    rows = [_row(method, form, photographs, index) for index in range(min(_ROWS, len(photographs.pictures) // 2))]
    network.train(was_training)
    return contact_sheet(rows)


def _row(method: Rest, form: str, photographs: Photographs, index: int) -> SheetRow:
    content, style = (photographs.pictures[2 * index + i][None].to(method.device) / 255 for i in (0, 1))
    everywhere = torch.ones_like(content[:, :1])
    region = Region(everywhere, everywhere, style, torch.ones_like(style[:, :1]))
    result = method.stylize(content, [region], method.complete({"form": form}), lambda _fraction, _stage: None)
    return SheetRow([_picture(content), _picture(style), _picture(result)])
