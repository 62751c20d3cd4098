"""Methods that are maps of colours, at full size: one pass for the statistics, and one that draws."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from photostyle.methods.mapped import ColorMap, MappedMethod
from photostyle.ops.gaussian import Gaussian, GaussianSum
from photostyle.ops.row_blocks import row_blocks
from photostyle.stylize.pixels import rgb_reader
from photostyle.stylize.scene import Scene
from photostyle_protocol.progress import Progress

_PLANES = 16
"""About how many planes of floats a block needs, with its weights."""


class MappedFinish:
    """A `Finish` of one map of colours for each region.

    Args:
        maps: K of them.
    """

    def __init__(self, maps: Sequence[ColorMap]) -> None:
        self._maps = maps

    def strip(self, region: int, content: Tensor, first: int) -> Tensor:
        """See `Finish.strip`."""
        return self._maps[region](content)


def fit_maps(method: MappedMethod, scene: Scene, progress: Progress) -> MappedFinish:
    """Find the maps of all regions.

    Args:
        method: What to find.
        scene: Its full-size pixels are what is measured.
        progress: Called before each block of rows.
    """
    return maps_of(method, scene, measure(method, scene, progress))


def maps_of(method: MappedMethod, scene: Scene, of_content: Sequence[Gaussian]) -> MappedFinish:
    """The maps of regions whose statistics are known; see `fit_maps`."""
    pairs = zip(of_content, scene.regions.regions, strict=True)
    return MappedFinish([method.color_map(of, region) for of, region in pairs])


def measure(method: MappedMethod, scene: Scene, progress: Progress) -> list[Gaussian]:
    """The statistics of each region; see `fit_maps`."""
    pixels, device = scene.task.content, scene.content.device
    height, width = pixels.shape[:2]
    read, sums = rgb_reader(scene.task.space), [GaussianSum() for _ in scene.drawn]
    for rows in row_blocks(height, _PLANES * width, device):
        progress(rows.start / height, "colour statistics")
        colors = read(pixels[rows], device)
        measured = method.measured(colors)
        for found, weight in zip(sums, scene.weights(colors, pixels[rows], rows), strict=True):
            found.add(measured, weight)
    return [found.total() for found in sums]
