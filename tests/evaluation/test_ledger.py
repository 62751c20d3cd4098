"""The file of figures, whole and cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from photostyle.evaluation.ledger import Ledger, Row
from photostyle_protocol.errors import BadInputError

STRENGTHS = {"rest": 2, "untouched": 1}


def rows(case: str, method: str) -> list[Row]:
    figures = {"ssim": 1 / 3, "gram": None}
    return [Row(case, method, (n + 1) / 2, None if n else 0.1, 2.5, figures) for n in range(STRENGTHS[method])]


def ledger(path: Path) -> Ledger:
    return Ledger(path, ["ssim", "gram"], STRENGTHS)


def test_what_was_added_is_read_again_to_the_bit(tmp_path: Path) -> None:
    first = ledger(tmp_path / "results.csv")
    first.add(rows('a, "b"', "rest"))
    first.add(rows("c", "untouched"))
    again = ledger(tmp_path / "results.csv")
    assert again.rows == first.rows == rows('a, "b"', "rest") + rows("c", "untouched")
    assert again.has('a, "b"', "rest")
    assert not again.has("c", "rest")


def test_whatever_an_interruption_leaves_is_whole_or_gone(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    whole = ledger(path)
    whole.add(rows("a", "rest"))
    kept = path.read_bytes()
    whole.add(rows("b", "rest"))
    full = path.read_bytes()
    for length in range(len(kept), len(full)):
        path.write_bytes(full[:length])
        cut = ledger(path)
        assert cut.rows == rows("a", "rest")
        assert path.read_bytes() == kept
    path.write_bytes(full)
    assert ledger(path).has("b", "rest")


def test_other_methods_in_the_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    ledger(path).add(rows("a", "rest"))
    other = Ledger(path, ["ssim", "gram"], {"pitie": 4})
    assert other.rows == rows("a", "rest")


@pytest.mark.parametrize("text", ["", "case,method\n", "case,method,strength,seconds,cpu_seconds,ssim\n"])
def test_a_file_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "results.csv").write_text(text)
    with pytest.raises(BadInputError, match="other columns"):
        ledger(tmp_path / "results.csv")
    assert (tmp_path / "results.csv").read_text() == text
