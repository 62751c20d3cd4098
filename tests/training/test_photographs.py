from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from photostyle.training.photographs import Photographs, jitter
from photostyle_protocol.errors import BadImageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    (tmp_path / "deeper").mkdir()
    for name, size in (("a.png", (90, 70)), ("deeper/b.JPG", (64, 100)), ("small.png", (40, 200))):
        Image.fromarray(rng.integers(0, 255, (*size[::-1], 3), dtype=np.uint8)).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no photograph")
    return tmp_path


def test_subfolders_are_searched_and_small_pictures_left_out(folder: Path) -> None:
    assert len(Photographs(folder, 64, torch.device("cpu")).pictures) == 2


def test_crops_are_squares_in_range_and_repeat_with_the_seed(folder: Path) -> None:
    photographs = Photographs(folder, 64, torch.device("cpu"))
    first, again = (next(photographs.batches(3, torch.Generator().manual_seed(5))) for _ in range(2))
    assert first.shape == (3, 3, 64, 64)
    assert first.min() >= 0
    assert first.max() <= 1
    assert torch.equal(first, again)


def test_an_empty_folder_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(BadImageError, match="fewer than two"):
        Photographs(tmp_path, 64, torch.device("cpu"))


def test_jitter_changes_each_picture_its_own_way_and_stays_in_range() -> None:
    x = torch.rand(4, 3, 8, 8)[:1].expand(4, -1, -1, -1)
    graded = jitter(x, torch.Generator().manual_seed(0))
    assert graded.min() >= 0
    assert graded.max() <= 1
    assert all((graded[0] - graded[i]).abs().max() > 0.01 for i in (1, 2, 3))
