"""Benchmarks with a known right answer, made of any folder of photographs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from photostyle.evaluation.cases import Case
from photostyle.evaluation.graded_pairs import graded_pairs
from photostyle.evaluation.picture_folder import picture_files, read_srgb
from photostyle.imaging.pixels import size_text
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadImageError

SEED = 0
_SMALLEST = 32

CaseMaker = Callable[[str, Pixels], Case]


def graded_case(name: str, photograph: Pixels) -> Case:
    """Two crops under one random grade, see `graded_pairs`."""
    pair = next(graded_pairs([(name, photograph)], SEED))
    return Case(name, pair.content, pair.style, truth=pair.truth)


def self_case(name: str, photograph: Pixels) -> Case:
    """A photograph that is its own style: it must come back."""
    return Case(name, photograph, photograph, truth=photograph)


MAKERS: Mapping[str, CaseMaker] = {"graded": graded_case, "self": self_case}


class PhotographFolder:
    """A case for each photograph of a folder.

    Args:
        folder: Holds them.
        kind: One of `MAKERS`.
        side: Larger photographs are reduced to this many pixels on their longer side.

    Raises:
        BadInputError: There is no such folder, or no picture in it.
    """

    def __init__(self, folder: Path, kind: str, side: int) -> None:
        self._folder, self._kind, self._side = folder, kind, side
        self._files = picture_files(folder)

    @property
    def names(self) -> list[str]:
        """The photographs' names."""
        return list(self._files)

    @property
    def record(self) -> Mapping[str, str | int]:
        """See `Benchmark.record`."""
        return {
            "benchmark": self._kind,
            "folder": str(self._folder.resolve()),
            "longest side": self._side,
            "seed": SEED,
        }

    def load(self, name: str) -> Case:
        """See `Benchmark.load`."""
        photograph = read_srgb(self._files[name])
        if min(photograph.shape[:2]) < _SMALLEST:
            raise BadImageError(
                f"{self._files[name]} is {size_text(photograph)} pixels.", f"{_SMALLEST} a side are the least."
            )
        return MAKERS[self._kind](name, _reduced(photograph, self._side))


def _reduced(pixels: Pixels, side: int) -> Pixels:
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.asarray(image)
