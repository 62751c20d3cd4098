"""Who is judged: methods, finished pictures of others, and the photograph as it is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from photostyle.evaluation.cases import Case
from photostyle.evaluation.method_spec import MethodSpec
from photostyle.evaluation.picture_folder import picture_files, read_srgb
from photostyle.imaging.pixels import size_text
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.errors import BadImageError
from photostyle_protocol.progress import Progress, unfollowed

UNTOUCHED = "untouched"


class Look(NamedTuple):
    """A content in its full look.

    Attributes:
        pixels: (H, W, 3) float32, encoded, nominally 0–1.
        wall: Seconds that making it took, if it was made here.
        cpu: Seconds of processor time, over all threads.
    """

    pixels: Pixels
    wall: float | None = None
    cpu: float | None = None


class Contestant(Protocol):
    """Gives a look to every case."""

    @property
    def name(self) -> str:
        """In tables and folders."""

    def look(self, case: Case, progress: Progress) -> Look:
        """The full look.

        Raises:
            BadInputError: There is none for this case.
        """


def as_float(pixels: Pixels) -> Pixels:
    """The values that the pipeline computes with, of 8-bit pixels."""
    return pixels.astype(np.float32) / np.float32(255)


class Untouched:
    """The content as it is: what any change must be worth."""

    name = UNTOUCHED

    def look(self, case: Case, progress: Progress) -> Look:
        """See `Contestant.look`."""
        return Look(as_float(case.content))


class MethodContestant:
    """A method of this project, run by the pipeline.

    The content goes in as float32, so that the look comes back as it is before it is blended and rounded.

    Args:
        spec: Which method, and how.
        engine: Where it runs.
    """

    def __init__(self, spec: MethodSpec, engine: Engine) -> None:
        self.name = spec.text
        self._spec, self._engine = spec, engine
        self._warm = False

    def look(self, case: Case, progress: Progress) -> Look:
        """See `Contestant.look`; loading the method is not counted in the seconds."""
        if not self._warm:
            self._run(Case(case.name, case.content[:8, :8], case.style[:8, :8]), unfollowed)
            self._warm = True
        wall, cpu = time.perf_counter(), time.process_time()
        pixels = self._run(case, progress)
        return Look(pixels, time.perf_counter() - wall, time.process_time() - cpu)

    def _run(self, case: Case, progress: Progress) -> Pixels:
        masks = case.regions if self._spec.regions == "given" else ()
        regions = tuple(RegionPixels(case.style, *pair) for pair in masks) or (RegionPixels(case.style),)
        task = StylizeTask(as_float(case.content), regions, None, self._spec.settings)
        return stylize(task, progress, self._engine)


class FolderContestant:
    """Finished pictures, named like the cases.

    Args:
        name: In tables.
        folder: Holds them.

    Raises:
        BadInputError: There is no such folder, or no picture in it.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        self._files = picture_files(folder)

    def look(self, case: Case, progress: Progress) -> Look:
        """See `Contestant.look`."""
        if case.name not in self._files:
            raise BadImageError(f"{self._folder} has no picture {case.name}.", "It is left out.")
        pixels = read_srgb(self._files[case.name])
        if pixels.shape != case.content.shape:
            raise BadImageError(
                f"{self._files[case.name]} is {size_text(pixels)} pixels, its content {size_text(case.content)}.",
                "Results are judged at the size of their content.",
            )
        return Look(as_float(pixels))
