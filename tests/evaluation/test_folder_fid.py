"""FID of folders: which pictures are looked at, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image
from torch import Tensor

from photostyle.evaluation import folder_fid as module
from photostyle.evaluation.folder_fid import folder_fid
from photostyle_protocol.errors import BadInputError

WEIGHTS = Path("weights.pth")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two folders of pictures of different sizes, and an empty one."""
    for place, colour, count in (("results", "teal", 2), ("styles", "white", 3)):
        (tmp_path / place).mkdir()
        for number in range(count):
            Image.new("RGB", (12 + number, 8), colour).save(tmp_path / place / f"{number}.png")
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_each_picture_is_looked_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network's file cannot be had in a test: what it would be shown is what is looked at here."""
    shown: list[list[tuple[int, ...]]] = []

    def fid(outputs: Iterable[Tensor], reference: Iterable[Tensor], weights: Path) -> float:
        assert weights == WEIGHTS
        for pictures in (outputs, reference):
            shown.append([tuple(p.shape) for p in pictures])
        return 7.0

    monkeypatch.setattr(module, "fid", fid)
    told: list[tuple[float, str]] = []
    assert folder_fid(folder / "results", folder / "styles", WEIGHTS, lambda *what: told.append(what)) == 7.0
    assert shown == [[(1, 3, 8, 12), (1, 3, 8, 13)], [(1, 3, 8, 12), (1, 3, 8, 13), (1, 3, 8, 14)]]
    assert told == [(0.0, "0"), (0.2, "1"), (0.4, "0"), (0.6, "1"), (0.8, "2")]


@pytest.mark.parametrize("wrong", ["empty", "nowhere"])
def test_folders_without_pictures_are_refused(folder: Path, wrong: str) -> None:
    for pair in ((wrong, "results"), ("results", wrong)):
        with pytest.raises(BadInputError, match=wrong):
            folder_fid(*(folder / name for name in pair), WEIGHTS, lambda *_: None)
