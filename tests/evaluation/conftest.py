"""Folders to evaluate: small photographs, real files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from support.photographs import Photograph


@pytest.fixture(scope="session", autouse=True)
def _fonts() -> None:
    """matplotlib opens its fonts with its first letter and keeps them open; that is no leak of a test."""
    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot().set_title("A $10^1$")
    figure.savefig(io.BytesIO())


PAIRS = {"2": ("coffee", "chelsea"), "10": ("rocket", "astronaut"), "a": ("chelsea", "coffee")}


@pytest.fixture
def pair_folder(tmp_path: Path, photographs: Mapping[str, Photograph]) -> Path:
    """Three pairs, named so that 10 must come after 2; the first two have a left and a right region."""
    for case, names in PAIRS.items():
        for kind, name in zip(("content", "style"), names, strict=True):
            picture = photographs[name][::6, ::6]
            _save(tmp_path / "pairs" / kind / f"{case}.png", picture)
            if case != "a":
                regions = np.zeros_like(picture)
                regions[:, picture.shape[1] // 2 :] = 255
                _save(tmp_path / "pairs" / f"{kind}_segmentation" / f"{case}.png", regions)
    return tmp_path / "pairs"


def _save(path: Path, pixels: Photograph) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
