"""The photographs that scikit-image carries in its package: nothing is downloaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

Photograph = NDArray[np.uint8]
NAMES = ("astronaut", "chelsea", "coffee", "rocket")


def _load(name: str) -> Photograph:
    import skimage.data

    loader: Callable[[], Photograph] = getattr(skimage.data, name)
    picture = loader()
    picture.setflags(write=False)
    return picture


@pytest.fixture(scope="session")
def photographs() -> Mapping[str, Photograph]:
    """(H, W, 3) uint8 by name, read-only: astronaut 512², chelsea 300x451, coffee 400x600, rocket 427x640."""
    return {name: _load(name) for name in NAMES}


@pytest.fixture(scope="session")
def photograph_files(
    photographs: Mapping[str, Photograph], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Path]:
    """The same as PNG files, by name."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("photographs")
    files = {name: folder / f"{name}.png" for name in NAMES}
    for name, file in files.items():
        Image.fromarray(photographs[name]).save(file)
    return files
