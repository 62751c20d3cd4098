"""Measuring methods on a folder of pairs, from files to table and sheets."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.evaluation import pairs
from photostyle.stylize.engine import Engine
from photostyle_protocol.request import Settings


@pytest.fixture
def folder(tmp_path: Path, photographs) -> Path:
    """Two pairs, each with a left and a right region."""
    for number, (content, style) in ((2, ("coffee", "chelsea")), (10, ("rocket", "astronaut"))):
        for kind, name in (("content", content), ("style", style)):
            picture = photographs[name][::4, ::4]
            regions = np.zeros_like(picture)
            regions[:, picture.shape[1] // 2 :] = 255
            for subfolder, pixels in ((kind, picture), (f"{kind}_segmentation", regions)):
                (tmp_path / "pairs" / subfolder).mkdir(parents=True, exist_ok=True)
                Image.fromarray(pixels).save(tmp_path / "pairs" / subfolder / f"{number}.png")
    return tmp_path / "pairs"


def test_pairs_are_read_in_order_with_their_regions(folder: Path, photographs) -> None:
    first, second = pairs.read_pairs(folder)
    assert [first.name, second.name] == ["2", "10"]
    np.testing.assert_array_equal(first.content, photographs["coffee"][::4, ::4])
    np.testing.assert_array_equal(first.style, photographs["chelsea"][::4, ::4])
    assert len(first.regions) == 2
    assert sum(int(mask.sum()) for mask, _ in first.regions) == 255 * first.content.shape[0] * first.content.shape[1]


def test_a_better_method_measures_better(folder: Path) -> None:
    pair = next(pairs.read_pairs(folder))
    engine = Engine.load("cpu")
    none = pairs.measure(pair, Settings("monge-kantorovich", strength=0.0), engine)
    look = pairs.measure(pair, Settings("monge-kantorovich"), engine)
    assert none.ssim == pytest.approx(1)
    assert none.ssim > look.ssim > 0.3
    assert look.color < 0.3 * none.color
    assert look.seconds > 0


def test_the_command_writes_table_and_sheets(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    methods = ["monge-kantorovich@grid", "pitie:iterations=2"]
    out = tmp_path / "figures" / "new"
    monkeypatch.setattr(sys, "argv", ["pairs", str(folder), "-o", str(out), "--methods", *methods])
    pairs.main()
    table = (out / "table.md").read_text(encoding="utf-8")
    lines = table.splitlines()
    assert len(lines) == 4
    for line, method in zip(lines[2:], methods, strict=True):
        name, *figures = [cell.strip() for cell in line.strip("|").split("|")]
        assert name == method
        assert 0.3 < float(figures[0]) < 1
        assert 0 < float(figures[1]) < 0.2
    assert sorted(path.name for path in out.iterdir()) == ["sheet-1.png", "table.md"]
    with Image.open(out / "sheet-1.png") as sheet:
        assert sheet.width > 400
        assert np.asarray(sheet).std() > 20
    assert table in capsys.readouterr().out
