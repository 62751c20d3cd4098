"""A method's own output at full size, tile by tile, with the statistics of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.overview import Overview, TiledMethod
from photostyle.stylize import tiles
from photostyle.stylize.pixels import rgb_reader
from photostyle.stylize.replay import Replay
from photostyle.stylize.scene import Scene
from photostyle.stylize.task import Pixels
from photostyle.stylize.tiles import Span
from photostyle_protocol.progress import Progress, unfollowed, within
from photostyle_protocol.request import Scalar

_STAGE = "painting"


class _Band(NamedTuple):
    """Some rows of the picture with their surroundings.

    Attributes:
        rows: Where they are.
        content: (1, 3, n, W).
        regions: On them.
    """

    rows: Span
    content: Tensor
    regions: list[Region]


class TiledFinish:
    """The method's output as it is; a `Finish` that is drawn from the top down.

    Args:
        method: Paints a tile.
        options: Its options.
        scene: What is painted.
        merge: Blend the looks of the regions to one.
        overview: Answers what is asked of the whole.
        progress: Called before each tile; with the fraction that is drawn.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what painting needs, each once
        self,
        method: TiledMethod,
        options: Mapping[str, Scalar],
        scene: Scene,
        merge: bool,
        overview: Replay,
        progress: Progress,
    ) -> None:
        self._method = method
        self._options = options
        self._scene = scene
        self._merge = merge
        self._progress = progress
        self._height: int = scene.task.content.shape[0]
        self._width: int = scene.task.content.shape[1]
        self._replay = overview
        self._above: Pixels = scene.task.content[:0]
        self._painted: tuple[slice, Tensor] = (slice(0, 0), scene.content[:, :, :0])

    def measure(self, progress: Progress) -> None:
        """Collect all statistics of the whole."""
        begun = 0.0
        while not self._asks_nothing(within(progress, begun, (1 + begun) / 2)):
            self._replay.conclude()
            begun = (1 + begun) / 2

    def strip(self, region: int, content: Tensor, first: int) -> Tensor:
        """See `Finish.strip`."""
        rows, looks = self._painted
        while first >= rows.stop:
            rows, looks = self._painted = self._next_band(rows.stop)
        begin = first - rows.start
        return looks[region : region + 1, :, begin : begin + content.shape[2]]

    def _asks_nothing(self, progress: Progress) -> bool:
        """Run all tiles up to the next question; whether there was none."""
        for rows in self._bands():
            band = self._band(rows, self._scene.task.content[rows.outer])
            for columns in self._columns():
                progress(self._fraction(rows, columns), _STAGE)
                if self._paint(band, columns) is not None:
                    return True
        return False

    def _fraction(self, rows: Span, columns: Span) -> float:
        """How much of the picture comes before a tile."""
        return (rows.start + (rows.stop - rows.start) * columns.start / self._width) / self._height

    def _next_band(self, start: int) -> tuple[slice, Tensor]:
        """The looks of the band that begins here, (K, 3, n, W); rows above it may have been drawn over."""
        rows = next(rows for rows in self._bands() if rows.start == start)
        below = self._scene.task.content[rows.start : rows.outer.stop]
        pixels = np.concatenate([self._above[len(self._above) - rows.before :], below])
        self._above = pixels[rows.inner][-self._method.halo :].copy() if self._method.halo else self._above
        band = self._band(rows, pixels)
        looks = []
        for columns in self._columns():
            self._progress(self._fraction(rows, columns), _STAGE)
            painted = self._paint(band, columns)
            assert painted is not None  # noqa: S101 - `measure` has collected all answers
            looks.append(painted[:, :, rows.inner, columns.inner])
        return slice(rows.start, rows.stop), self._merged(torch.cat(looks, dim=3), band)

    def _merged(self, looks: Tensor, band: _Band) -> Tensor:
        if not self._merge:
            return looks
        blends = torch.cat([region.blend for region in band.regions])[:, :, band.rows.inner]
        return (blends * looks).sum(0, keepdim=True)

    def _bands(self) -> Iterator[Span]:
        return tiles.spans(self._height, tiles.band_rows(self._width, self._method.multiple), self._method.halo)

    def _columns(self) -> Iterator[Span]:
        return tiles.spans(self._width, tiles.SIDE, self._method.halo)

    def _paint(self, band: _Band, columns: Span) -> Tensor | None:
        cut = (slice(None), slice(None), slice(None), columns.outer)
        content = band.content[cut].contiguous()
        regions = [r._replace(blend=r.blend[cut].contiguous(), weight=r.weight[cut].contiguous()) for r in band.regions]

        def paint(overview: Overview) -> Tensor:
            return self._method.paint(content, regions, self._options, unfollowed, overview)

        return self._replay.run((band.rows, columns), paint)

    def _band(self, rows: Span, pixels: Pixels) -> _Band:
        device, first = self._scene.content.device, rows.outer.start
        content = rgb_reader(self._scene.task.space)(pixels, device)
        weights = self._scene.weights(content, pixels, rows.outer)
        blends = self._scene.regions.blends(content, first, self._height)
        regions = [
            region._replace(blend=blends[:, k : k + 1], weight=weights[k])
            for k, region in enumerate(self._scene.regions.regions)
        ]
        return _Band(rows, content, regions)
