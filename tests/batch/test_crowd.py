"""Large pictures are alone in memory."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import OpenImageIO

from photostyle.batch.crowd import MOST_PIXELS, Crowd
from photostyle.imaging.dimensions import announced_pixels
from support.waiting import wait_for


def test_small_ones_are_together_and_a_large_one_waits() -> None:
    crowd, came = Crowd(), threading.Event()

    def come(pixels: int) -> None:
        with crowd.inside(pixels):
            came.set()

    large = threading.Thread(target=come, args=(MOST_PIXELS + 1,))
    with crowd.inside(MOST_PIXELS // 3), crowd.inside(MOST_PIXELS // 3), crowd.inside(MOST_PIXELS // 3):
        large.start()
        assert not came.wait(0.2)
    wait_for(came.is_set)
    large.join()


def test_size_is_read_off_the_file(photograph_files: Mapping[str, Path], tmp_path: Path) -> None:
    assert announced_pixels(photograph_files["coffee"]) == 400 * 600
    (tmp_path / "words.png").write_bytes(b"no picture")
    assert announced_pixels(tmp_path / "words.png") == 0
    assert announced_pixels(tmp_path / "missing.png") == 0


def test_size_of_what_pillow_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "light.exr"
    output = OpenImageIO.ImageOutput.create(str(path))
    output.open(str(path), OpenImageIO.ImageSpec(7, 5, 3, "float"))
    output.write_image(np.zeros((5, 7, 3), np.float32))
    output.close()
    assert announced_pixels(path) == 35
