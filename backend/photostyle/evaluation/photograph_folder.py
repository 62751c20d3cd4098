"""Benchmarks with a known right answer, made of any folder of photographs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from photostyle.evaluation.cases import Case
from photostyle.evaluation.picture_folder import picture_files, read_srgb
from photostyle.stylize.task import Pixels

CaseMaker = Callable[[str, Pixels], Case]


def self_case(name: str, photograph: Pixels) -> Case:
    """A photograph that is its own style: it must come back."""
    return Case(name, photograph, photograph, truth=photograph)


MAKERS: Mapping[str, CaseMaker] = {"self": self_case}


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
        }

    def load(self, name: str) -> Case:
        """See `Benchmark.load`."""
        return MAKERS[self._kind](name, _reduced(read_srgb(self._files[name]), self._side))


def _reduced(pixels: Pixels, side: int) -> Pixels:
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.asarray(image)
