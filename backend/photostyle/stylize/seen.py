"""The content as a method sees it: a copy of bearable size, and how much its pixels count."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.imaging.pixels import has_alpha
from photostyle.stylize.pixels import rgb_reader, to_alpha, to_weight
from photostyle.stylize.proxy import reduce_picture
from photostyle.stylize.task import StylizeTask
from photostyle.stylize.weighting import Weighting


class Seen(NamedTuple):
    """The content (1, 3, h, w) that the method sees and how much its pixels count, (1, 1, h, w)."""

    content: Tensor
    weight: Tensor
    weighting: Weighting


def see(task: StylizeTask, size: tuple[int, int], device: torch.device) -> Seen:
    """Shrink a task's content to a size (height, width)."""
    content = reduce_picture(task.content, size, rgb_reader(task.space), device)
    alpha = torch.ones_like(content[:, :1])
    if has_alpha(task.content):
        alpha = reduce_picture(task.content, size, to_alpha, device)
    selected = None if task.mask is None else reduce_picture(task.mask, size, to_weight, device)
    weighting = Weighting.decide(alpha, selected)
    return Seen(content, weighting.of(content, alpha, selected), weighting)
