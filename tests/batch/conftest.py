"""Small photographs in folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="session")
def small(photographs: Mapping[str, np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """PNG files of about 90 × 60 pixels, by name."""
    folder = tmp_path_factory.mktemp("small")
    files = {name: folder / f"{name}.png" for name in photographs}
    for name, file in files.items():
        image = Image.fromarray(photographs[name])
        image.thumbnail((90, 90))
        image.save(file)
    return files


@pytest.fixture
def shoot(small: Mapping[str, Path], tmp_path: Path) -> Path:
    """A folder with two photographs, and one more in a folder of its own."""
    folder = tmp_path / "shoot"
    (folder / "day 2").mkdir(parents=True)
    for name, place in (("astronaut", "a.png"), ("chelsea", "b.png"), ("coffee", "day 2/c.png")):
        (folder / place).write_bytes(small[name].read_bytes())
    return folder
