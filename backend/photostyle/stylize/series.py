"""One look for a series: every picture is met with the statistics of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from photostyle.methods import registry
from photostyle.methods.base import Method, Region
from photostyle.methods.overview import TiledMethod, Weighted
from photostyle.ops.gaussian import Gaussian, GaussianSum
from photostyle.stylize.replay import Replay
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.request import Settings

Answer = list[Gaussian]


@dataclass(frozen=True, eq=False)
class Series:
    """What a method knows of a whole series.

    Attributes:
        answers: To each question for statistics that the method asks, in order; on the CPU.
    """

    answers: tuple[Answer, ...]


def check_series(method: Method, settings: Settings) -> TiledMethod:
    """The method, if it can give a whole series one look.

    Raises:
        BadOptionError: It cannot, or not so.
    """
    if not isinstance(method, TiledMethod):
        able = ", ".join(name for name in registry.names() if issubclass(registry.load(name), TiledMethod))
        raise BadOptionError(f"The method {method.name} cannot give a whole series one look.", f"These can: {able}.")
    if settings.regions == "auto":
        raise BadOptionError("Areas that are found differ from picture to picture.", "Leave --regions auto out.")
    if settings.finish == "none" and method.halo:
        raise BadOptionError(
            "Without a finish the look is made of each picture's own details.", "Choose --finish grid or guided."
        )
    return method


class OfSeries(Replay):
    """Answers for the series what is asked of the content.

    There is no whole to look at: no place of a picture is found again in the style, which could be found in one picture
    and not in the next.
    """

    def __init__(self, series: Series, regions: Sequence[Region], device: torch.device) -> None:
        super().__init__(*_no_place(regions, device))
        self._known = [[Gaussian(*(tensor.to(device) for tensor in of)) for of in answer] for answer in series.answers]
        self._asked = 0

    def begin(self) -> None:
        """See `Replay.begin`."""
        super().begin()
        self._asked = 0

    def gaussians(self, asked: Sequence[Weighted]) -> Answer:
        """See `Overview.gaussians`."""
        self._asked += 1
        return self._known[self._asked - 1]


class Listener(OfSeries):
    """Collects from one picture after the other what the next answer is made of."""

    def __init__(
        self, series: Series, regions: Sequence[Region], device: torch.device, sums: list[GaussianSum]
    ) -> None:
        super().__init__(series, regions, device)
        self._heard = sums

    def gaussians(self, asked: Sequence[Weighted]) -> Answer:
        """See `Overview.gaussians`."""
        if self._asked < len(self._known):
            return super().gaussians(asked)
        if not self._heard:
            self._heard.extend(GaussianSum() for _ in asked)
        for found, part in zip(self._heard, asked, strict=True):
            found.add(*part)
        raise EnoughHeardError


class EnoughHeardError(Exception):
    """The rest of the method's work is not needed."""


def _no_place(regions: Sequence[Region], device: torch.device) -> tuple[Tensor, list[Region]]:
    """A content of one pixel, and the regions on it."""
    one = torch.ones((1, 1, 1, 1), device=device)
    return torch.zeros((1, 3, 1, 1), device=device), [region._replace(blend=one, weight=one) for region in regions]
