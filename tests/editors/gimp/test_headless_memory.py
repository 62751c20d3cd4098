"""24 megapixels in float: the plug-in holds a few bands of them, not the picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.editors.backend import Stage

PICTURE_MEGABYTES = 288
ENOUGH_MEGABYTES = 200
"""Measured: 86. Without a limit to what GEGL keeps it was 587."""


@pytest.mark.slow
def test_a_large_float_layer_takes_little_memory(
    headless: Any, stage: Stage, photograph_files: Mapping[str, Path]
) -> None:
    stage.play("steps", count=1)
    answer = headless.run(
        "timing",
        precision="FLOAT_LINEAR",
        megapixels=24,
        photograph=str(photograph_files["coffee"]),
        style=str(photograph_files["rocket"]),
        times=1,
    )
    assert answer["size"] == [6000, 4000]
    (run,) = answer["runs"]
    assert run["megabytes"] < ENOUGH_MEGABYTES < PICTURE_MEGABYTES
    assert set(run["seconds"]) == {"read", "send", "compute", "fetch", "write"}
