"""What a look knows of the photograph that it was made from: all that a method can ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from photostyle.methods.networks.rest_statistics import RegionStatistics
from photostyle.ops.gaussian import Gaussian
from photostyle.ops.moments import Moments


class LookStatistics(NamedTuple):
    """Statistics of a style photograph.

    Attributes:
        name: What people call it.
        color: Gaussian of the encoded RGB colours.
        lab: Mean and deviation of each channel of CIE Lab.
        rest: What REST's networks see in it, by SHA-256 of their checkpoints.
    """

    name: str
    color: Gaussian
    lab: Moments
    rest: Mapping[str, RegionStatistics]
