"""One map of all colours for a whole picture: what a LUT can hold of a look."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from photostyle.ops.delta_e import delta_e_2000
from photostyle.ops.lab import rgb_to_lab
from photostyle.ops.lattice import as_lattice, lattice_colors, look_up
from photostyle.ops.lattice_fit import fit_lattice
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.pixels import rgb_reader, to_alpha, to_rgb, to_weight
from photostyle.stylize.proxy import PROXY_PIXELS, proxy_size, reduce_picture
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.progress import Progress

_CPU = torch.device("cpu")
_FULL = np.float32(65535)


class GlobalMap(NamedTuple):
    """Where each colour goes.

    Attributes:
        lattice: (3, size, size, size), sRGB in and out; see `ops.lattice`.
        is_exact: It is the method's own map; otherwise the nearest one to a look that differs from place to place.
        mean: CIEDE2000 between the content under this map and the content in its look, on average.
        most: The same, which 95 % of the content stay below.
    """

    lattice: Tensor
    is_exact: bool
    mean: float
    most: float

    def table(self) -> Pixels:
        """The lattice as rows of three numbers, red changing fastest."""
        return self.lattice.flatten(1).T.contiguous().numpy()


@torch.inference_mode()
def global_map(task: StylizeTask, size: int, engine: Engine, progress: Progress) -> GlobalMap:
    """Find the map of colours that a look is, or comes nearest to.

    Where the method has one smooth map for all colours, its values on the lattice are the method's own. Where a look
    differs from place to place, the lattice is fitted to what becomes of the content.

    Args:
        task: The request; its content may be of any size.
        size: Nodes of the lattice along each side.
        engine: See `stylize`.
        progress: See `stylize`.

    Raises:
        BadInputError: See `stylize`.
    """
    small, weight = _reduced(task)
    is_exact = _is_smooth(small, engine)
    if is_exact:
        small = replace(small, settings=replace(small.settings, finish="none"))
        lattice, truth = _sampled(small, size, engine, progress)
    else:
        truth = to_rgb(stylize(small, progress, engine), _CPU)
        lattice = fit_lattice(to_rgb(small.content, _CPU), truth, weight, size)
    error = _difference(look_up(lattice, to_rgb(small.content, _CPU)), truth)[weight > 0]
    return GlobalMap(lattice, is_exact, float(error.mean()), float(error.quantile(0.95)))


def _is_smooth(task: StylizeTask, engine: Engine) -> bool:
    is_whole = len(task.regions) == 1 and task.regions[0].content_mask is None and task.settings.regions == "given"
    return is_whole and engine.method(task.settings.method).is_smooth_map and task.settings.finish in ("auto", "none")


def _reduced(task: StylizeTask) -> tuple[StylizeTask, Tensor]:
    """The same task on a small copy of the content, in sRGB without alpha, which the mask takes over."""
    size = proxy_size(task.content.shape[0], task.content.shape[1], PROXY_PIXELS)

    def shrunk(mask: Pixels | None) -> Tensor | None:
        return None if mask is None else reduce_picture(mask, size, to_weight, _CPU)

    def region(asked: RegionPixels) -> RegionPixels:
        mask = shrunk(asked.content_mask)
        return replace(asked, content_mask=None if mask is None else mask[0, 0].numpy())

    weight, mask = reduce_picture(task.content, size, to_alpha, _CPU), shrunk(task.mask)
    weight = weight if mask is None else weight * mask
    if not bool(weight.any()):  # as the pipeline does: transparent colours are all there is to go by
        weight = torch.ones_like(weight)
    content = _pixels(reduce_picture(task.content, size, rgb_reader(task.space), _CPU), task)
    regions = tuple(region(asked) for asked in task.regions)
    settings, counts = task.settings, weight[0, 0].numpy()
    return StylizeTask(content, regions, counts, settings, limit_to_mask=False), weight


def _pixels(colors: Tensor, task: StylizeTask) -> Pixels:
    """Colours (1, 3, H, W) as pixels of a task; a kept luminance is that of colours within 0–1."""
    rows: Pixels = colors[0].permute(1, 2, 0).contiguous().numpy()
    if task.settings.keep_luminance:
        return np.rint(rows.clip(0, 1) * _FULL).astype(np.uint16)
    return rows


def _sampled(task: StylizeTask, size: int, engine: Engine, progress: Progress) -> tuple[Tensor, Tensor]:
    """The map on the lattice, and the content's result: the nodes ride along as rows that do not count."""
    height, width = task.content.shape[:2]
    nodes = lattice_colors(size, _CPU)
    rows = -(-nodes.shape[-1] // width)
    below = torch.zeros((1, 3, rows, width))
    below.flatten(2)[:, :, : nodes.shape[-1]] = nodes[:, :, 0]
    content = np.concatenate([task.content, _pixels(below, task)])
    assert task.mask is not None  # noqa: S101 - a reduced task has one
    mask = np.concatenate([task.mask, np.zeros((rows, width), np.float32)])
    result = to_rgb(stylize(replace(task, content=content, mask=mask), progress, engine), _CPU)
    values = result[:, :, height:].flatten(2)[:, :, None, : nodes.shape[-1]]
    return as_lattice(values), result[:, :, :height]


def _difference(first: Tensor, second: Tensor) -> Tensor:
    """CIEDE2000 (1, 1, H, W) of two pictures as a screen shows them."""
    return delta_e_2000(*(rgb_to_lab(picture.clamp(0, 1)) for picture in (first, second)))
