"""From the numbers of a look's file to tensors, and what a look can be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from photostyle.methods import registry
from photostyle.methods.networks.look_statistics import LookStatistics
from photostyle.methods.networks.rest_statistics import RegionStatistics
from photostyle.ops.gaussian import Gaussian
from photostyle.ops.moments import Moments
from photostyle.stylize.task import RegionPixels
from photostyle_protocol.errors import BadLookError
from photostyle_protocol.look_file import FORMS, LAYOUT, LookFile, has_no_places

if TYPE_CHECKING:
    from photostyle.methods.base import Method
    from photostyle_protocol.request import Settings


def check_look(look: LookFile, region: RegionPixels, method: Method, settings: Settings) -> None:
    """Refuse what needs the photograph itself.

    Raises:
        BadLookError: The method does, or the style has a mask, or regions are to be found.
    """
    if not method.reads_looks:
        able = ", ".join(name for name in registry.names() if registry.load(name).reads_looks)
        raise BadLookError(
            f"The method {method.name} needs a style photograph, and a look is none.", f"These read looks: {able}."
        )
    if region.style_mask is not None:
        raise has_no_places(look)
    if settings.regions == "auto":
        raise BadLookError(
            "Regions cannot be matched with a look, which shows no places.", "Give the style photograph, or no regions."
        )


def look_statistics(look: LookFile, device: torch.device) -> LookStatistics:
    """What a look knows."""
    mean, deviation = (look_tensor(look, f"lab.{name}", device).view(1, 3, 1, 1) for name in ("mean", "deviation"))
    color = Gaussian(
        look_tensor(look, "color.mean", device)[None], full_matrix(look_tensor(look, "color.covariance", device))[None]
    )
    seen = {look.checkpoints[form]: RegionStatistics(_levels(look, form, device), color) for form in FORMS}
    return LookStatistics(look.name, color, Moments(mean, deviation), seen)


def look_tensor(look: LookFile, name: str, device: torch.device) -> Tensor:
    """One of the tensors of `LAYOUT`, as floats of 32 bits."""
    return torch.tensor(look.values[name], device=device).view(LAYOUT[name][1])


def full_matrix(rows: Tensor) -> Tensor:
    """The symmetric matrix (C, C) with this upper triangle (C (C + 1) / 2,), row by row."""
    size = int((2 * len(rows)) ** 0.5)
    across, down = torch.triu_indices(size, size, device=rows.device)
    matrix = rows.new_zeros((size, size))
    matrix[across, down] = rows
    matrix[down, across] = rows
    return matrix


def upper_triangle(matrix: Tensor) -> Tensor:
    """Undo `full_matrix`."""
    across, down = torch.triu_indices(*matrix.shape, device=matrix.device)
    return matrix[across, down]


def _levels(look: LookFile, form: str, device: torch.device) -> tuple[Gaussian, Gaussian, Gaussian]:
    means, rows = (look_tensor(look, f"{form}.{name}", device) for name in ("mean", "covariance"))
    third, fourth, fifth = (Gaussian(m[None], full_matrix(r)[None]) for m, r in zip(means, rows, strict=True))
    return third, fourth, fifth
